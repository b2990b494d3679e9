import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import type { Operation } from "@twin/kernel"
import type { ContentEvent } from "../content/openContent.ts"
import type { MipWorld } from "../State.ts"
import * as aip from "./aipService.ts"
import { connectAipService, disconnectAipService } from "./aipSession.ts"
import * as tracking from "./documentTracking.ts"
import { configureDoubleKeyService } from "./doubleKey.ts"
import { getFileStatus, removeFileLabel, setFileLabel } from "./fileLabel.ts"
import { getLabel, newLabel, removeLabel, setLabel } from "./label.ts"
import { getLabelPolicy, newLabelPolicy, removeLabelPolicy, setLabelPolicy } from "./labelPolicy.ts"
import { openDocument } from "./openDocument.ts"
import { protectDocument, relabelDocument, removeProtection } from "./protectDocument.ts"
import * as superUser from "./superUser.ts"
import * as template from "./template.ts"
import { revokeDocument, trackDocument } from "./trackDocument.ts"

/** Every operation of this domain. */
export const operations: readonly Operation<
  MipWorld,
  ContentEvent | CryptoEvent,
  CryptoServices
>[] = [
  protectDocument,
  openDocument,
  relabelDocument,
  removeProtection,
  trackDocument,
  revokeDocument,
  configureDoubleKeyService,
  setFileLabel,
  removeFileLabel,
  getFileStatus,
  newLabel,
  setLabel,
  getLabel,
  removeLabel,
  newLabelPolicy,
  setLabelPolicy,
  getLabelPolicy,
  removeLabelPolicy,
  connectAipService,
  disconnectAipService,
  aip.enableAipService,
  aip.disableAipService,
  aip.getAipService,
  aip.getAipServiceConfiguration,
  aip.setOnboardingControlPolicy,
  aip.getOnboardingControlPolicy,
  aip.setMaxUseLicenseValidityTime,
  aip.getMaxUseLicenseValidityTime,
  aip.getAdminLog,
  superUser.enableSuperUserFeature,
  superUser.disableSuperUserFeature,
  superUser.getSuperUserFeature,
  superUser.addSuperUser,
  superUser.removeSuperUser,
  superUser.getSuperUser,
  superUser.setSuperUserGroup,
  superUser.clearSuperUserGroup,
  superUser.getSuperUserGroup,
  tracking.getDocumentLog,
  tracking.getTrackingLog,
  tracking.setDocumentRevoked,
  tracking.clearDocumentRevoked,
  tracking.enableDocumentTracking,
  tracking.disableDocumentTracking,
  tracking.getDocumentTracking,
  tracking.setDoNotTrackGroup,
  tracking.clearDoNotTrackGroup,
  tracking.getDoNotTrackGroup,
  template.newRightsDefinition,
  template.addTemplate,
  template.getTemplate,
  template.removeTemplate,
]
