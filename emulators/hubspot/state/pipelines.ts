/** Pipelines as every new account has them. Numbers and booleans in `metadata` are strings at HubSpot too. */
export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly Stage[];
}

const deal = (id: string, label: string, probability: string, isClosed = 'false'): Stage => ({
  id,
  label,
  metadata: { isClosed, probability },
});
const ticket = (id: string, label: string, ticketState: string): Stage => ({
  id,
  label,
  metadata: { isClosed: String(ticketState === 'CLOSED'), ticketState },
});
const lifecycle = (id: string, label: string): Stage => ({ id, label, metadata: {} });

export const contactPipeline = 'contacts-lifecycle-pipeline';

export const pipelines: Readonly<Record<string, readonly Pipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      stages: [
        deal('appointmentscheduled', 'Appointment Scheduled', '0.2'),
        deal('qualifiedtobuy', 'Qualified To Buy', '0.4'),
        deal('presentationscheduled', 'Presentation Scheduled', '0.6'),
        deal('decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'),
        deal('contractsent', 'Contract Sent', '0.9'),
        deal('closedwon', 'Closed Won', '1.0', 'true'),
        deal('closedlost', 'Closed Lost', '0.0', 'true'),
      ],
    },
  ],
  tickets: [
    {
      id: '0',
      label: 'Support Pipeline',
      stages: [
        ticket('1', 'New', 'OPEN'),
        ticket('2', 'Waiting on contact', 'OPEN'),
        ticket('3', 'Waiting on us', 'OPEN'),
        ticket('4', 'Closed', 'CLOSED'),
      ],
    },
  ],
  contacts: [
    {
      id: contactPipeline,
      label: 'Lifecycle Stage Pipeline',
      stages: [lifecycle('lead', 'Lead'), lifecycle('customer', 'Customer')],
    },
  ],
};

/** Which properties of a type hold its pipeline and stage. */
export const stageProperties: Readonly<
  Record<string, { readonly pipeline: string; readonly stage: string }>
> = {
  deals: { pipeline: 'pipeline', stage: 'dealstage' },
  tickets: { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' },
};

export function findStage(object: string, stageId: string | undefined): Stage | undefined {
  for (const pipeline of pipelines[object] ?? []) {
    const stage = pipeline.stages.find(({ id }) => id === stageId);
    if (stage) return stage;
  }
  return undefined;
}

const epoch = '1970-01-01T00:00:00Z';
const stamps = { createdAt: epoch, updatedAt: epoch, archived: false };

export function pipelineJson(pipeline: Pipeline, index: number): object {
  const { id, label, stages } = pipeline;
  return { label, displayOrder: index, id, stages: stages.map(stageJson), ...stamps };
}

export function stageJson({ id, label, metadata }: Stage, index: number): object {
  return {
    label,
    displayOrder: index,
    metadata,
    id,
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
    ...stamps,
  };
}
