import { type CryptoEvent, type CryptoServices, cryptoDomain } from "@twin/crypto"
import { type DatacenterEvent, type DatacenterWorld, datacenterDomain } from "@twin/datacenter"
import { type ExchangeEvent, type ExchangeWorld, exchangeDomain } from "@twin/exchange"
import { type IdentityEvent, identityDomain } from "@twin/identity"
import {
  type Composition,
  compose,
  type KernelEvent,
  kernelDomain,
  type Simulation,
} from "@twin/kernel"
import { type MipEvent, mipDomain, underAipSession } from "@twin/mip"
import { type SpoEvent, type SpoWorld, spoDomain } from "@twin/spo"

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
  // Keys lie below the protection service; its module asks for a session all the same (MIP-009).
  underAipSession<TenantWorld, CryptoEvent, CryptoServices>(cryptoDomain),
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
