import type { IncomingMessage } from 'node:http';
import { refuse } from './errors.js';
import type { Json } from './json.js';
import type { RecordedRequest } from './request-log.js';

/** Reads a whole request body. */
export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Puts body and files into the record: JSON, or multipart with `payload_json` beside the files.
 * @throws ApiError 50109 when it is not JSON.
 */
export async function readBody(bytes: Buffer, contentType: string, into: RecordedRequest): Promise<void> {
  if (bytes.length === 0) return;
  if (!contentType.startsWith('multipart/form-data')) {
    into.body = parse(bytes.toString('utf8'));
    return;
  }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') {
      if (name === 'payload_json') into.body = parse(value);
    } else {
      into.files.push({ name, filename: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
    }
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw refuse('notJson');
  }
}
