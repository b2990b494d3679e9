import type { CryptoServices } from "@twin/crypto"
import type { Operation } from "@twin/kernel"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import type { DatacenterWorld } from "../State.ts"
import {
  assignLockboxRole,
  checkWorkstation,
  confirmTransfer,
  designateApprover,
  reenableEngineer,
  removeLockboxRole,
  renewBackgroundCheck,
  renewTraining,
  terminateEngineer,
  transferEngineer,
  unlockEngineer,
} from "./accountChanges.ts"
import {
  attemptApproveOwnRequest,
  attemptJoinRoleGroup,
  attemptLateralMovement,
  attemptServiceAccountUse,
  attemptSignIn,
  attemptStandingAccess,
  replayExpiredCredential,
} from "./attack.ts"
import {
  approveLockbox,
  cancelLockbox,
  denyLockbox,
  setAccessToCustomerDataRequest,
} from "./customerDecision.ts"
import { getAccessToCustomerDataRequest } from "./customerRequests.ts"
import { approveElevation, denyElevation } from "./decideElevation.ts"
import { introduceDrift } from "./drift.ts"
import { cancelElevation, completeElevation, revokeElevation } from "./endElevation.ts"
import { evictEngineer } from "./evictEngineer.ts"
import {
  getDatacenterAlert,
  getDatacenterComponent,
  getInternalLog,
  getJitAccount,
  getLockboxRequest,
  listStandingAccess,
} from "./inspect.ts"
import { onboardEngineer } from "./onboardEngineer.ts"
import { endSession, startSession } from "./operatorSession.ts"
import {
  getOrganizationConfig,
  recordSubscription,
  setCustomerLockbox,
  setOrganizationConfig,
} from "./organizationConfig.ts"
import { requestElevation } from "./requestElevation.ts"
import { runAsEngineer } from "./runAsEngineer.ts"
import { runAsService } from "./runAsService.ts"
import { setDatacenterSetting } from "./settings.ts"
import { validateDatacenter } from "./validateDatacenter.ts"

/** Everything that can be done in and to the datacenter. */
export const datacenterOperations: readonly Operation<
  DatacenterWorld,
  DatacenterEvent,
  CryptoServices
>[] = [
  requestElevation,
  approveElevation,
  denyElevation,
  cancelElevation,
  completeElevation,
  revokeElevation,
  startSession,
  runAsEngineer,
  endSession,
  runAsService,
  approveLockbox,
  denyLockbox,
  cancelLockbox,
  setAccessToCustomerDataRequest,
  getAccessToCustomerDataRequest,
  setOrganizationConfig,
  getOrganizationConfig,
  setCustomerLockbox,
  recordSubscription,
  onboardEngineer,
  assignLockboxRole,
  removeLockboxRole,
  designateApprover,
  renewBackgroundCheck,
  renewTraining,
  reenableEngineer,
  unlockEngineer,
  transferEngineer,
  confirmTransfer,
  terminateEngineer,
  checkWorkstation,
  evictEngineer,
  attemptStandingAccess,
  replayExpiredCredential,
  attemptLateralMovement,
  attemptApproveOwnRequest,
  attemptSignIn,
  attemptServiceAccountUse,
  attemptJoinRoleGroup,
  introduceDrift,
  setDatacenterSetting,
  validateDatacenter,
  listStandingAccess,
  getLockboxRequest,
  getJitAccount,
  getInternalLog,
  getDatacenterAlert,
  getDatacenterComponent,
]
