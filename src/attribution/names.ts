/**
 * What the models that come from data are called where people read of them. Credit and fits are stored, and printed as
 * JSON, under their ids, which name the method; somebody who types one may give either. The method is explained in
 * docs/attribution.md.
 */

export interface Names {
  /** In tables, in lists and in `config/hub.yaml`. */
  readonly word: string;
  /** On a deal. */
  readonly title: string;
  /** Begins a sentence. */
  readonly subject: string;
}

const named = {
  hazard: { word: 'data-driven', title: 'Data-driven', subject: 'The data-driven model' },
  'hazard:map': {
    word: 'data-driven:map',
    title: 'Data-driven (point estimate)',
    subject: 'The point estimate of the data-driven model',
  },
} as const satisfies Readonly<Record<string, Names>>;

export function namesOf(id: keyof typeof named): Names {
  return named[id];
}

/** The id itself where there is no plainer word. */
export function wordOf(id: string): string {
  const own: Readonly<Record<string, Names>> = named;
  return own[id]?.word ?? id;
}

/** Of a word or an id. */
export function idOf(typed: string): string {
  return Object.entries(named).find(([, { word }]) => word === typed)?.[0] ?? typed;
}
