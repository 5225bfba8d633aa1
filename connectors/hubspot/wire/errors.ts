/** HubSpot's error bodies, of which every part is optional, read into one shape. */
import { z } from 'zod';

const words = z.string().catch('');
/** Members of a context are lists, now and then a bare value. */
const context = z
  .record(z.string(), z.union([z.array(z.coerce.string()), z.coerce.string().transform((one) => [one])]))
  .catch({});

const detailSchema = z.looseObject({
  message: words,
  code: z.string().optional().catch(undefined),
  in: z.string().optional().catch(undefined),
  context: context.optional(),
});

const errorSchema = z.looseObject({
  message: words,
  category: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  /** `error` on most answers; the sign-in endpoint says its reason here, as in `BAD_REFRESH_TOKEN`. */
  status: z.string().optional().catch(undefined),
  /** Of the sign-in endpoint: `invalid_grant` and the like. */
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errors: z.array(detailSchema).catch([]),
  context: context.optional(),
});

export type VendorError = z.infer<typeof errorSchema>;

/** Null for what is no error object (a proxy's page, an empty body). */
export function readError(body: unknown): VendorError | null {
  const parsed = errorSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** One thing that HubSpot finds wrong: with which property, under which code, in its words. */
export interface Complaint {
  readonly message: string;
  readonly code?: string;
  readonly field?: string;
}

/** The complaints that an error holds, the most telling form first; none when it is not about values. */
export function complaintsOf(error: VendorError): Complaint[] {
  const texts = [error.message, ...error.errors.map((detail) => detail.message)];
  const embedded = texts.flatMap(embeddedComplaints);
  if (embedded.length > 0) return embedded;
  return error.errors.map((detail) => {
    const field = detail.context?.propertyName?.[0] ?? detail.context?.properties?.[0] ?? detail.in;
    return complaint(detail.message || error.message, detail.code, field);
  });
}

/**
 * `Property values were not valid: [{"isValid":false,"message":…,"error":…,"name":…}]`: the batch and single
 * write endpoints put a list of complaints, as JSON, into the text of the message.
 */
function embeddedComplaints(text: string): Complaint[] {
  const start = text.indexOf('[{');
  const end = text.lastIndexOf('}]');
  if (start < 0 || end < start) return [];
  try {
    const rows = embeddedSchema.parse(JSON.parse(text.slice(start, end + 2)));
    return rows.map((row) => complaint(row.message, row.error, row.name));
  } catch {
    return [];
  }
}

const embeddedSchema = z.array(
  z.looseObject({ message: z.string(), error: z.string().optional(), name: z.string().optional() }),
);

function complaint(message: string, code: string | undefined, field: string | undefined): Complaint {
  return { message, ...(code === undefined ? {} : { code }), ...(field === undefined ? {} : { field }) };
}

/** All values under one name in the contexts of an error, such as the ids that it is about. */
export function contextOf(error: VendorError, name: string): string[] {
  const contexts = [error.context, ...error.errors.map((detail) => detail.context)];
  return contexts.flatMap((one) => one?.[name] ?? []);
}

/**
 * The record that is in the way: `Contact already exists. Existing ID: 171…`, or, for a property with unique
 * values, `… 171… already has that value.`
 */
export function existingIdOf(error: VendorError): string | undefined {
  const told = contextOf(error, 'existingId')[0];
  return (
    told ??
    /Existing ID: (\d+)/.exec(error.message)?.[1] ??
    /\b(\d+) already has that value/.exec(error.message)?.[1]
  );
}
