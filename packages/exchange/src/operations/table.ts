import type { CryptoServices } from "@twin/crypto"
import type { Operation } from "@twin/kernel"
import type { LowerEvent } from "../LowerEvent.ts"
import type { ExchangeEvent, ExchangeWorld } from "../State.ts"
import { exportForDiscovery } from "./discovery.ts"
import * as inbound from "./inboundConnectors.ts"
import * as dane from "./inboundDane.ts"
import { getIrmConfiguration, setIrmConfiguration } from "./irmConfiguration.ts"
import * as mailbox from "./mailbox.ts"
import { getOmeMessageStatus, revokeMessage, setOmeMessageRevocation } from "./messageRevocation.ts"
import { getMessageTrace, getMessageTraceDetail } from "./messageTrace.ts"
import {
  getOmeConfiguration,
  newOmeConfiguration,
  removeOmeConfiguration,
  setOmeConfiguration,
} from "./omeConfiguration.ts"
import { copyMessage, openMessage, printMessage } from "./openMessage.ts"
import {
  changeSubscription,
  getAcceptedDomain,
  getRmsTemplate,
  setAcceptedDomain,
} from "./organization.ts"
import * as outbound from "./outboundConnectors.ts"
import { enterPortalCode, requestPortalCode, signInPortal } from "./portal.ts"
import { importPublishingDomain } from "./publishingDomain.ts"
import { forwardMessage, replyMessage } from "./replyMessage.ts"
import { buyRightsManagement } from "./rightsSubscription.ts"
import { saveAttachment } from "./saveAttachment.ts"
import { sendMail } from "./sendMail.ts"
import { followMail, listCertificateDuties, listMailQueue, sendOverSmtp } from "./sendOverSmtp.ts"
import { getSmimeConfig, setSmimeConfig } from "./smimeConfig.ts"
import { testIrmConfiguration } from "./testIrmConfiguration.ts"
import { getTransportConfig, setTransportConfig } from "./transportConfig.ts"
import {
  disableTransportRule,
  enableTransportRule,
  getTransportRule,
  newTransportRule,
  removeTransportRule,
  setTransportRule,
} from "./transportRule.ts"
import { tryQueuedMail } from "./tryQueuedMail.ts"

/** Everything that can be done in this domain: every surface derives from this table. */
export const exchangeOperations: readonly Operation<
  ExchangeWorld,
  ExchangeEvent | LowerEvent,
  CryptoServices
>[] = [
  sendMail,
  openMessage,
  replyMessage,
  forwardMessage,
  printMessage,
  copyMessage,
  saveAttachment,
  signInPortal,
  requestPortalCode,
  enterPortalCode,
  revokeMessage,
  changeSubscription,
  getIrmConfiguration,
  setIrmConfiguration,
  importPublishingDomain,
  testIrmConfiguration,
  getRmsTemplate,
  getOmeConfiguration,
  newOmeConfiguration,
  setOmeConfiguration,
  removeOmeConfiguration,
  getOmeMessageStatus,
  setOmeMessageRevocation,
  newTransportRule,
  setTransportRule,
  getTransportRule,
  removeTransportRule,
  enableTransportRule,
  disableTransportRule,
  getAcceptedDomain,
  setAcceptedDomain,
  getMessageTrace,
  getMessageTraceDetail,
  mailbox.convertMailbox,
  mailbox.addMailboxPermission,
  mailbox.removeMailboxPermission,
  mailbox.getMailboxPermission,
  mailbox.mailboxStatistics,
  mailbox.newOwaMailboxPolicy,
  mailbox.setOwaMailboxPolicy,
  mailbox.getOwaMailboxPolicy,
  mailbox.setCasMailbox,
  buyRightsManagement,
  exportForDiscovery,
  setTransportConfig,
  getTransportConfig,
  outbound.newOutboundConnector,
  outbound.getOutboundConnector,
  outbound.setOutboundConnector,
  outbound.removeOutboundConnector,
  inbound.newInboundConnector,
  inbound.getInboundConnector,
  inbound.setInboundConnector,
  inbound.removeInboundConnector,
  inbound.receiveOverSmtp,
  dane.enableDnssec,
  dane.disableDnssec,
  dane.getDnssecStatus,
  dane.enableDane,
  dane.disableDane,
  dane.getDaneStatus,
  dane.publishDnsRecords,
  dane.findInboundRoute,
  sendOverSmtp,
  followMail,
  listMailQueue,
  tryQueuedMail,
  listCertificateDuties,
  setSmimeConfig,
  getSmimeConfig,
]
