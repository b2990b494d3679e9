/** A request as a key service sees it. Header names in lower case. */
export interface HttpRequest {
  readonly method: string
  /** Absolute: the key id that the service names is made of it (CRY-150). */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Header names as they are written; the body is empty or JSON. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const emptyResponse = (
  status: number,
  headers: HttpResponse["headers"] = {},
): HttpResponse => ({ status, headers, body: "" })

export const jsonResponse = (status: number, value: object): HttpResponse => ({
  status,
  headers: { "Content-Type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
})
