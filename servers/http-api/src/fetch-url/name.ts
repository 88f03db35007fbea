/** Name of the tool that reads pages. */
export const FETCH_URL = "fetch_url";
