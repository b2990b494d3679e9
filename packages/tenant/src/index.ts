export * from "./Errors.ts"
export * from "./Tenant.ts"
export * from "./TenantWorld.ts"
export { defaultAdministrator } from "./contosoPeople.ts"
