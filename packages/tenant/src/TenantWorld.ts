import { cryptoDomain, type CryptoEvent, type CryptoServices } from "@twin/crypto"
import { datacenterDomain, type DatacenterEvent, type DatacenterWorld } from "@twin/datacenter"
import { exchangeDomain, type ExchangeEvent, type ExchangeWorld } from "@twin/exchange"
import { identityDomain, type IdentityEvent } from "@twin/identity"
import {
  compose,
  type Composition,
  type KernelEvent,
  kernelDomain,
  type Simulation,
} from "@twin/kernel"
import { mipDomain, type MipEvent } from "@twin/mip"
import { spoDomain, type SpoEvent, type SpoWorld } from "@twin/spo"

/** One slice for each domain, and the kernel's own. */
export type TenantWorld = SpoWorld & ExchangeWorld & DatacenterWorld

export type TenantEvent =
  | KernelEvent
  | CryptoEvent
  | IdentityEvent
  | MipEvent
  | SpoEvent
  | ExchangeEvent
  | DatacenterEvent

export type TenantComposition = Composition<TenantWorld, TenantEvent, CryptoServices>
export type TenantSimulation = Simulation<TenantWorld, TenantEvent, CryptoServices>

const domains = [
  cryptoDomain,
  identityDomain,
  mipDomain,
  spoDomain,
  exchangeDomain,
  datacenterDomain,
]

/** The six domains as one tenant: every operation, question and fault that a surface can name. */
export const tenantComposition: TenantComposition = compose<
  TenantWorld,
  TenantEvent,
  CryptoServices
>([kernelDomain(domains.flatMap((it) => it.faults)), ...domains])
