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

/** 400: the request is not as the API wants it; `param` names what of it. */
export const invalid = (code: string, message: string, param?: string): Problem =>
  new Problem(400, 'invalid_request_error', message, { code, ...(param !== undefined && { param }) });

/** 404: nothing has that id. */
export const missing = (id: string): Problem =>
  new Problem(404, 'invalid_request_error', `No such object: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
  });
