import { type Operation, type OperationSpec, operation } from "@twin/kernel"
import { Schema } from "effect"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"

/** An operation of this domain, so that each one states only what is its own. */
export const cryptoOperation = <F extends Schema.Struct.Fields>(
  spec: OperationSpec<CryptoWorld, CryptoEvent, F, CryptoServices>,
): Operation<CryptoWorld, CryptoEvent, CryptoServices> => operation(spec)

/** A parameter that is some text. */
export const text = (description: string) => Schema.NonEmptyString.annotate({ description })
