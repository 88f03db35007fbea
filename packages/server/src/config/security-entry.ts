export { openSecurity, type Security } from "./open-security.ts";
export { secretFiles } from "./secret-files.ts";
