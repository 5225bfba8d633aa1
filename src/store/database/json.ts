/** JSON that the store itself wrote: its shape is known, so it is not checked again. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text);
}

export function fromJsonOrNull<T>(text: string | null): T | null {
  return text === null ? null : JSON.parse(text);
}
