/** `error` and `error_description`, in the format of the tenant's kind. */
import { randomUUID } from 'node:crypto';
import type { Tenant, TenantKindName } from '../definition/tenant-kinds.ts';
import { type B2cError, type B2cErrorCode, errorStamp } from './b2c-error.ts';

/** An error that B2C does not define can be requested too, so this is not always a `B2cError`. */
export type ErrorDetails = Pick<B2cError, 'error' | 'message'>;

interface ErrorFormat {
  /** Code and text. */
  message(message: string): string;
  /** Code and text, with correlation ID and timestamp. */
  description(message: string, now: number): string;
}

const FORMATS: Record<TenantKindName, ErrorFormat> = {
  b2c: {
    message: (message) => message,
    // B2C separates the lines with CR LF, and ends with it.
    description(message, now) {
      const { correlationId, timestamp } = errorStamp(now);
      return `${message}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}\r\n`;
    },
  },
  'external-id': {
    message: toEntraMessage,
    description(message, now) {
      const { correlationId, timestamp } = errorStamp(now);
      const ids = `Trace ID: ${randomUUID()} Correlation ID: ${correlationId}`;
      return `${toEntraMessage(message)} ${ids} Timestamp: ${timestamp}`;
    },
  },
};

export const errorMessage = ({ kind }: Tenant, error: ErrorDetails): string =>
  FORMATS[kind].message(error.message);

export const errorParameters = (
  { kind }: Tenant,
  { error, message }: ErrorDetails,
  now: number,
): { error: string; error_description: string } => ({
  error,
  error_description: FORMATS[kind].description(message, now),
});

function toEntraMessage(message: string): string {
  const [code = '', text = ''] = message.split(/: (.*)/s);
  return `${ENTRA_CODES[code as B2cErrorCode] ?? 'AADSTS50000'}: ${text}`;
}

// The codes of Microsoft Entra for the same errors. Every other error is the generic AADSTS50000.
const ENTRA_CODES: Partial<Record<B2cErrorCode, string>> = {
  AADB2C90006: 'AADSTS50011',
  AADB2C90008: 'AADSTS900144',
  AADB2C90010: 'AADSTS900144',
  AADB2C90013: 'AADSTS700054',
  AADB2C90018: 'AADSTS700016',
  AADB2C90077: 'AADSTS50058',
  AADB2C90079: 'AADSTS7000218',
  AADB2C90080: 'AADSTS70008',
  AADB2C90081: 'AADSTS7000215',
  AADB2C90083: 'AADSTS900144',
  AADB2C90085: 'AADSTS9002313',
  AADB2C90086: 'AADSTS70003',
  AADB2C90091: 'AADSTS65004',
  AADB2C90117: 'AADSTS70011',
  AADB2C90128: 'AADSTS50034',
  AADB2C90129: 'AADSTS50173',
  AADB2C90146: 'AADSTS28000',
  AADB2C90182: 'AADSTS501481',
  AADB2C90183: 'AADSTS501481',
  AADB2C90205: 'AADSTS65001',
  AADB2C90244: 'AADSTS90055',
};
