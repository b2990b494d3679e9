import type { CryptoServices } from "@twin/crypto"
import { domain } from "@twin/kernel"
import { faults } from "./faults.ts"
import type { LowerEvent } from "./LowerEvent.ts"
import { dueMails } from "./mail-flow/mailQueue.ts"
import { exchangeOperations } from "./operations/table.ts"
import { questions } from "./questions.ts"
import {
  ExchangeEvent,
  type ExchangeState,
  type ExchangeWorld,
  evolve,
  initialState,
} from "./State.ts"

/** Mail flow, message encryption and the portal as one domain of the tenant. */
export const exchangeDomain = domain<
  ExchangeWorld,
  ExchangeState,
  ExchangeEvent,
  ExchangeEvent | LowerEvent,
  CryptoServices
>({
  name: "exchange",
  initial: initialState,
  events: ExchangeEvent,
  evolve,
  operations: exchangeOperations,
  questions,
  faults,
  due: dueMails,
})
