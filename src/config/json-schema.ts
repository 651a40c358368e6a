import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** The JSON Schema of the configuration file, for editors. */
export const configSchemaText = (): string =>
  `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input' }), null, 2)}\n`;
