/** An error of Stripe's API, as it answers it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly body: { error: { type: string; code?: string; message: string; param?: string } };
  constructor(status: number, type: string, message: string, more: { code?: string; param?: string } = {}) {
    super(message);
    this.status = status;
    this.body = { error: { type, message, ...more } };
  }
}

export const invalid = (code: string, message: string, param?: string): Problem =>
  new Problem(400, 'invalid_request_error', message, { code, ...(param !== undefined && { param }) });

export const missing = (id: string): Problem =>
  new Problem(404, 'invalid_request_error', `No such object: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
  });
