import { runAutoLabeling } from "./autoLabelFiles.ts"
import { copyFile } from "./copyFile.ts"
import { createFolder } from "./createFolder.ts"
import { deleteFile, restoreFile } from "./deleteFile.ts"
import * as dlp from "./dlpPolicy.ts"
import * as dlpRule from "./dlpRule.ts"
import { downloadFile } from "./downloadFile.ts"
import { editFile } from "./editFile.ts"
import { closeFile } from "./editing.ts"
import { getSpoExternalUser, removeSpoExternalUser } from "./externalUsers.ts"
import { getSpoSite, getSpoSiteDataEncryptionPolicy } from "./getSpoSite.ts"
import { connectSpoService, getSpoTenant } from "./getSpoTenant.ts"
import { assignSensitivityLabel, extractSensitivityLabels } from "./graphLabels.ts"
import { labelFile } from "./labelFile.ts"
import { enableContainerLabels, executeAzureAdLabelSync, labelSite } from "./labelSite.ts"
import { setLibrary } from "./library.ts"
import { createTeamSite, newSpoSite, requestSpoPersonalSite } from "./newSpoSite.ts"
import { openFile, printFile } from "./openFile.ts"
import { overrideDlp } from "./overrideDlp.ts"
import { removeAccess, reviewGuest } from "./removeAccess.ts"
import {
  getSpoDeletedSite,
  removeSpoDeletedSite,
  removeSpoSite,
  restoreSpoDeletedSite,
} from "./removeSpoSite.ts"
import { replaceFile } from "./replaceFile.ts"
import type { SpoOperation } from "./SpoOperation.ts"
import { searchPeople } from "./searchPeople.ts"
import { setSpoSite } from "./setSpoSite.ts"
import { setSpoTenant } from "./setSpoTenant.ts"
import { createLink, shareFile } from "./shareFile.ts"
import { setMembersCanShare, shareSite } from "./shareSite.ts"
import { newSiteResourceRequest } from "./siteInCatalog.ts"
import { addSpoUser, getSpoUser, removeSpoUser, setSpoUser } from "./siteUsers.ts"
import { runSync, showSync, stopSync, syncLibrary } from "./sync.ts"
import { getFileLabelInfo, unlockFile } from "./unlockFile.ts"
import { uploadFile } from "./uploadFile.ts"
import { closeBrowser, enterCode, requestCode } from "./verificationCode.ts"

/** Every operation of this domain. */
export const operations: readonly SpoOperation[] = [
  connectSpoService,
  getSpoTenant,
  setSpoTenant,
  newSpoSite,
  getSpoSite,
  getSpoSiteDataEncryptionPolicy,
  setSpoSite,
  removeSpoSite,
  getSpoDeletedSite,
  restoreSpoDeletedSite,
  removeSpoDeletedSite,
  requestSpoPersonalSite,
  addSpoUser,
  getSpoUser,
  setSpoUser,
  removeSpoUser,
  getSpoExternalUser,
  removeSpoExternalUser,
  executeAzureAdLabelSync,
  unlockFile,
  getFileLabelInfo,
  assignSensitivityLabel,
  extractSensitivityLabels,
  dlp.newDlpCompliancePolicy,
  dlp.setDlpCompliancePolicy,
  dlp.getDlpCompliancePolicy,
  dlp.removeDlpCompliancePolicy,
  dlpRule.newDlpComplianceRule,
  dlpRule.setDlpComplianceRule,
  dlpRule.removeDlpComplianceRule,
  createTeamSite,
  enableContainerLabels,
  labelSite,
  setMembersCanShare,
  shareSite,
  createFolder,
  uploadFile,
  labelFile,
  setLibrary,
  replaceFile,
  closeFile,
  runAutoLabeling,
  newSiteResourceRequest,
  searchPeople,
  shareFile,
  createLink,
  openFile,
  editFile,
  downloadFile,
  printFile,
  copyFile,
  syncLibrary,
  runSync,
  stopSync,
  showSync,
  requestCode,
  enterCode,
  closeBrowser,
  removeAccess,
  reviewGuest,
  deleteFile,
  restoreFile,
  overrideDlp,
]
