/** Of a pass over the events of one system; added to. */
export interface EventCounts {
  worked: number;
  written: number;
  failed: number;
  parked: number;
}
