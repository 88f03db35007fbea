import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Where one authorization server keeps sessions, grants and opaque tokens: in memory, gone when it stops. */
export function createMemoryAdapter(): (model: string) => Adapter {
  const models = new Map<string, Map<string, Entry>>();
  return (model) => {
    const entries = models.get(model) ?? new Map<string, Entry>();
    models.set(model, entries);
    const find = (wanted: (id: string, payload: AdapterPayload) => boolean) =>
      [...entries].find(([id, { payload, expiresAt }]) => expiresAt > Date.now() && wanted(id, payload))?.[1].payload;
    return {
      async upsert(id, payload, expiresIn) {
        entries.set(id, { payload, expiresAt: expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000 });
      },
      find: async (id) => find((key) => key === id),
      findByUid: async (uid) => find((_, payload) => payload.uid === uid),
      findByUserCode: async (userCode) => find((_, payload) => payload.userCode === userCode),
      async consume(id) {
        const entry = entries.get(id);
        if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        entries.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id);
      },
    };
  };
}
