import type { Shape } from "../anchored.ts";

const TAIL36 = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";

/** Tokens that carry their maker's prefix. */
export const VENDOR_SHAPES: readonly Shape[] = [
  {
    id: "github_token",
    anchors: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((find) => ({ find, at: 0 })),
    pattern: /gh[pousr]_[A-Za-z0-9]{36,255}/,
    example: ["ghp_", TAIL36],
    nearMiss: ["ghp_", "too_short_to_be_one"],
  },
  {
    id: "github_fine_grained_token",
    anchors: [{ find: "b_pat_", at: 5 }],
    pattern: /github_pat_[A-Za-z0-9_]{22,255}/,
    example: ["github_pat_", "11ABCDEFG0", TAIL36],
    nearMiss: ["github_pat_", "short"],
  },
  {
    id: "gitlab_token",
    anchors: [{ find: "pat-", at: 2 }],
    pattern: /glpat-[A-Za-z0-9_.-]{20,300}/,
    example: ["glpat-", "x7Yz_1234567890abcde"],
    nearMiss: ["glpat-", "short"],
  },
  {
    id: "slack_token",
    anchors: [{ find: "xox", at: 0 }],
    pattern: /xox[abceoprs][-.][A-Za-z0-9.-]{10,300}/,
    example: ["xoxb-", "123456789012-abcdefghijkl"],
    nearMiss: ["xoxo-", "love"],
  },
  {
    id: "slack_webhook",
    anchors: [{ find: "k.com/", at: 10 }],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/_-]{20,200})/,
    example: ["hooks.slack.com/services/", "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"],
    nearMiss: ["hooks.slack.com/", "docs"],
  },
  {
    id: "stripe_key",
    anchors: [
      { find: "k_liv", at: 1 },
      { find: "k_tes", at: 1 },
    ],
    pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}/,
    example: ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"],
    nearMiss: ["sk_live_", "or_not"],
  },
  {
    id: "google_api_key",
    anchors: [{ find: "AIza", at: 0 }],
    pattern: /AIza[A-Za-z0-9_-]{35}/,
    example: ["AIza", "SyA1234567890abcdefghijklmnopqrstuv"],
    nearMiss: ["AIza", "is a name"],
  },
  {
    id: "google_oauth_secret",
    anchors: [{ find: "GOCSPX", at: 0 }],
    pattern: /GOCSPX-[A-Za-z0-9_-]{28}/,
    example: ["GOCSPX-", "abcdefghijklmnopqrstuvwx1234"],
    nearMiss: ["GOCSPX-", "short"],
  },
  {
    id: "anthropic_key",
    anchors: [{ find: "k-ant-", at: 1 }],
    pattern: /sk-ant-[A-Za-z0-9_-]{20,300}/,
    example: ["sk-ant-", "api03-", TAIL36],
    nearMiss: ["sk-ant-", "hill"],
  },
  {
    id: "openai_key",
    anchors: [{ find: "k-", at: 1 }],
    // At a boundary only: "task-", "disk-" and "risk-" are everywhere.
    pattern: /(?<![A-Za-z0-9_-])sk-(?:(?:proj|svcacct|admin|None|or-v1)-[A-Za-z0-9_-]{20,300}|[A-Za-z0-9]{32,64})/,
    example: ["sk-", "proj-", TAIL36],
    nearMiss: ["sk-", "fading-circle-loader-container-element"],
  },
  {
    id: "npm_token",
    anchors: [{ find: "pm_", at: 1 }],
    pattern: /npm_[A-Za-z0-9]{36,64}/,
    example: ["npm_", TAIL36],
    nearMiss: ["npm_", "config_registry"],
  },
  {
    id: "pypi_token",
    anchors: [{ find: "pypi-", at: 0 }],
    pattern: /pypi-AgE[A-Za-z0-9_-]{50,1000}/,
    example: ["pypi-", "AgEIcHlwaS5vcmc", TAIL36, TAIL36],
    nearMiss: ["pypi-", "publish-action-with-attestations-and-a-very-long-name-indeed"],
  },
  {
    id: "huggingface_token",
    anchors: [{ find: "hf_", at: 0 }],
    pattern: /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,64}/,
    example: ["hf_", "abcdefghijklmnopqrstuvwxyzABCDEFGH"],
    nearMiss: ["hf_", "hub_download"],
  },
  {
    id: "digitalocean_token",
    anchors: [{ find: "_v1_", at: 3 }],
    pattern: /do[opr]_v1_[0-9a-f]{64}/,
    example: ["dop_v1_", "0123456789abcdef".repeat(4)],
    nearMiss: ["dop_v1_", "0123"],
  },
  {
    id: "sendgrid_key",
    anchors: [{ find: "SG.", at: 0 }],
    pattern: /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/,
    example: ["SG.", "abcdefghijklmnopqrstuv", ".", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
    nearMiss: ["SG.", "Singapore"],
  },
  {
    id: "twilio_key",
    anchors: [{ find: "SK", at: 0 }],
    pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/,
    example: ["SK", "0123456789abcdef".repeat(2)],
    nearMiss: ["SK", "0123456789abcdef0123"],
  },
];
