/** Where content lies and what encrypts it there: one row of CRY-008. */
export interface PostureRow {
  readonly data: string
  readonly volumeLayer: string
  readonly serviceLayer: string
  readonly keyPath: string
  /** Which state tells who manages the keys; `Microsoft`: nothing of the customer's reaches it. */
  readonly managedBy: "Exchange" | "SharePointGeo" | "MultiWorkload" | "Microsoft"
  /** Whether volumes of the inventory hold it. */
  readonly isOnVolumes: "Exchange" | "SharePoint" | "SkypeForBusiness" | "no"
}

const bitLocker = "BitLocker AES-256"

/** CRY-008, in its order. */
export const postureRows: readonly PostureRow[] = [
  {
    data: "Exchange mailbox",
    volumeLayer: bitLocker,
    serviceLayer: "Service encryption AES-256 per mailbox",
    keyPath: "mailbox key <- DEP key <- roots",
    managedBy: "Exchange",
    isOnVolumes: "Exchange",
  },
  {
    data: "SharePoint and OneDrive files",
    volumeLayer: bitLocker,
    serviceLayer: "AES-256 per chunk in Azure Blob storage",
    keyPath: "chunk key <- master key in the Key Store",
    managedBy: "SharePointGeo",
    isOnVolumes: "SharePoint",
  },
  {
    data: "SharePoint list items and metadata (SQL)",
    volumeLayer: "BitLocker",
    serviceLayer: "Database access control and Azure SQL TDE, also of backups and logs",
    keyPath: "not in the Customer Key chain",
    managedBy: "Microsoft",
    isOnVolumes: "SharePoint",
  },
  {
    data: "Teams files",
    volumeLayer: bitLocker,
    serviceLayer: "As SharePoint",
    keyPath: "chunk key <- master key in the Key Store",
    managedBy: "SharePointGeo",
    isOnVolumes: "SharePoint",
  },
  {
    data: "Teams chat, media, status and recordings",
    volumeLayer: "Azure Storage SSE (tables, blobs); Azure Disk Encryption (queues)",
    serviceLayer: "Service encryption",
    keyPath: "multi-workload DEP when assigned",
    managedBy: "MultiWorkload",
    isOnVolumes: "no",
  },
  {
    data: "Skype for Business conference content",
    volumeLayer: bitLocker,
    serviceLayer:
      "AES-256 random key for each item, in a metadata XML under a random key for each conference",
    keyPath: "Microsoft",
    managedBy: "Microsoft",
    isOnVolumes: "SkypeForBusiness",
  },
  {
    data: "Compliance Manager entries",
    volumeLayer: "Azure Cosmos DB encryption at rest",
    serviceLayer: "-",
    keyPath: "Microsoft",
    managedBy: "Microsoft",
    isOnVolumes: "no",
  },
  {
    data: "Windows 365 Cloud PC disk",
    volumeLayer: "Azure Storage SSE",
    serviceLayer: "Customer Key optional",
    keyPath: "multi-workload DEP",
    managedBy: "MultiWorkload",
    isOnVolumes: "no",
  },
]

/** With Customer Key the keys of SharePoint hang on the tenant's own (CRY-008, CRY-031). */
export const customerSharePointPath = "chunk key <- site key <- TIK <- roots"

/** A risk, and the control that is there for it: CRY-009, and Customer Key, which is for none (CRY-004). */
export const riskRows: readonly { readonly control: string; readonly risk: string }[] = [
  { control: "BitLocker", risk: "Stolen or badly recycled disks and servers" },
  { control: "Service encryption", risk: "An attacker reaches files as raw blobs" },
  { control: "TLS between client and service", risk: "Interception on the Internet" },
  { control: "TLS between datacenters", risk: "Interception between datacenters" },
  { control: "Azure Rights Management", risk: "Data in the hands of the wrong person" },
  { control: "S/MIME", risk: "Mail reaches an unintended reader" },
  { control: "Message encryption", risk: "Mail reaches an unintended reader" },
  { control: "SMTP TLS with a partner", risk: "Interception in transit to that partner" },
  { control: "Customer Key", risk: "N/A" },
]

/** Controls that are validated whatever is chosen (CRY-010). */
export const alwaysValidated = [
  "BitLocker",
  "Service encryption",
  "Azure Rights Management",
  "TLS between datacenters",
] as const

/** Where content may lie, for the question which control covers it. */
export const contentPlaces = [
  "ExchangeMailbox",
  "SharePointFile",
  "OneDriveFile",
  "TeamsChat",
  "CloudPcDisk",
  "OnPremisesMailbox",
  "OnPremisesFile",
  "OnPremisesMailboxSyncedForOutlookMobile",
] as const
export type ContentPlace = (typeof contentPlaces)[number]

export const restControls = [
  "BitLocker",
  "AzureStorageServiceSideEncryption",
  "ServiceEncryption",
  "CustomerKey",
] as const
export type RestControl = (typeof restControls)[number]

/** CRY-006 and CRY-007: on premises the customer encrypts; a Cloud PC's disk is Azure Storage's. */
export const coverage: Readonly<Record<ContentPlace, readonly RestControl[]>> = {
  ExchangeMailbox: ["BitLocker", "ServiceEncryption", "CustomerKey"],
  SharePointFile: ["BitLocker", "ServiceEncryption", "CustomerKey"],
  OneDriveFile: ["BitLocker", "ServiceEncryption", "CustomerKey"],
  TeamsChat: ["AzureStorageServiceSideEncryption", "ServiceEncryption", "CustomerKey"],
  CloudPcDisk: ["AzureStorageServiceSideEncryption", "CustomerKey"],
  OnPremisesMailbox: ["BitLocker"],
  OnPremisesFile: ["BitLocker"],
  OnPremisesMailboxSyncedForOutlookMobile: ["BitLocker", "ServiceEncryption", "CustomerKey"],
}
