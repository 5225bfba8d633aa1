import { validate } from 'node-cron';
import { z } from 'zod';

export const cron = z.string().refine(validate, 'is not a cron expression of five or six fields');
