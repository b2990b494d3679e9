import type { Refusal } from "@twin/kernel"

/** What Graph answers to somebody without the role or the right. */
export const requestDenied: Refusal = {
  code: "Authorization_RequestDenied",
  message: "Insufficient privileges to complete the operation.",
}

/** What Graph answers where an object that was named is not there; older requests leave the name out. */
export const resourceNotFound = (name?: string): Refusal => ({
  code: "Request_ResourceNotFound",
  message: `Resource${name === undefined ? "" : ` '${name}'`} does not exist or one of its queried reference-property objects are not present.`,
})
