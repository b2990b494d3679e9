/**
 * Regions that Azure pairs with each other, by the names that commands take. A pair is updated and
 * recovered as one, so that two root keys lie better outside of one (CRY-053). Source: the list of
 * paired regions in the documentation of Azure reliability; West US 3, West India, Brazil and the
 * government regions are paired in one direction only.
 */
const pairs: readonly (readonly [string, string])[] = [
  ["eastasia", "southeastasia"],
  ["australiaeast", "australiasoutheast"],
  ["australiacentral", "australiacentral2"],
  ["brazilsouth", "southcentralus"],
  ["brazilsoutheast", "brazilsouth"],
  ["canadacentral", "canadaeast"],
  ["chinanorth", "chinaeast"],
  ["chinanorth2", "chinaeast2"],
  ["chinanorth3", "chinaeast3"],
  ["northeurope", "westeurope"],
  ["francecentral", "francesouth"],
  ["germanywestcentral", "germanynorth"],
  ["centralindia", "southindia"],
  ["westindia", "southindia"],
  ["japaneast", "japanwest"],
  ["koreacentral", "koreasouth"],
  ["eastus", "westus"],
  ["eastus2", "centralus"],
  ["northcentralus", "southcentralus"],
  ["westus2", "westcentralus"],
  ["westus3", "eastus"],
  ["norwayeast", "norwaywest"],
  ["southafricanorth", "southafricawest"],
  ["swedencentral", "swedensouth"],
  ["switzerlandnorth", "switzerlandwest"],
  ["ukwest", "uksouth"],
  ["uaenorth", "uaecentral"],
  ["usdodeast", "usdodcentral"],
  ["usgovarizona", "usgovtexas"],
  ["usgovvirginia", "usgovtexas"],
]

/** `West Europe` and `westeurope` are one region. */
const regionName = (location: string): string => location.toLowerCase().replace(/[^a-z0-9]/g, "")

/** How two vaults lie to each other. A region that is in no pair is paired with none. */
export const regionsApart = (a: string, b: string): "same" | "paired" | "apart" => {
  const [one, other] = [regionName(a), regionName(b)]
  if (one === other) return "same"
  const isPair = pairs.some(
    ([first, second]) => (first === one && second === other) || (first === other && second === one),
  )
  return isPair ? "paired" : "apart"
}
