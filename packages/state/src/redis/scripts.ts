/**
 * Each operation is one script, and so is atomic. Three keys of Redis belong to an entry, all with the namespace as hash tag
 * so that a cluster keeps them together: the entry itself, which Redis expires; and two indexes of the namespace's keys, by
 * name (to list without looking through the whole database) and by end (to forget names whose entry has expired).
 */

// KEYS: entry, names, ends. ARGV: name, value, ttlMs.
const INDEX = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[2], 0, ARGV[1])
  redis.call('ZADD', KEYS[3], now + ARGV[3], ARGV[1])
  -- A few each time, one second late: never a name whose entry still stands.
  local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - 1000, 'LIMIT', 0, 8)
  if #gone > 0 then
    redis.call('ZREM', KEYS[2], unpack(gone))
    redis.call('ZREM', KEYS[3], unpack(gone))
  end
  -- The indexes of a namespace that is no longer used go with its last entry.
  for i = 2, 3 do
    if redis.call('PTTL', KEYS[i]) < ARGV[3] + 60000 then redis.call('PEXPIRE', KEYS[i], ARGV[3] + 60000) end
  end
`;

const PUT = `
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  ${INDEX}
  return 1
`;

const PUT_IF_ABSENT = `
  if not redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3]) then return 0 end
  ${INDEX}
  return 1
`;

const COMPARE_AND_DELETE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
`;

// KEYS: entry, names, ends, count. ARGV: name.
const REMOVE = `
  redis.call('DEL', KEYS[1], KEYS[4])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
`;

// KEYS: count. ARGV: by, ttlMs. What is there is looked at first: INCRBY would fail on text, as the whole store does when it
// is away. A number is one whole number in its one spelling (INCRBY takes no other), exact as a double: 2^53 - 1.
const INCREMENT = `
  if redis.call('TYPE', KEYS[1]).ok == 'string' then
    local held = redis.call('GET', KEYS[1])
    local number = tonumber(held)
    local most = 9007199254740991
    -- Asked whether it is within, not whether it is beyond: "nan" is neither.
    local is_exact = number and number >= -most and number <= most
    if not is_exact or string.format('%.0f', number + 0) ~= held then return 'tampered' end
  end
  local value = redis.call('INCRBY', KEYS[1], ARGV[1])
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return { value, redis.call('PTTL', KEYS[1]) }
`;

// KEYS: names. ARGV: start and end of the range, how many, what stands before a name in the key of its entry.
const LIST = `
  local from, wanted, found = ARGV[1], tonumber(ARGV[3]), {}
  while #found < wanted * 3 do
    local names = redis.call('ZRANGEBYLEX', KEYS[1], from, ARGV[2], 'LIMIT', 0, wanted)
    for _, name in ipairs(names) do
      local value = redis.call('GET', ARGV[4] .. name)
      if value and #found < wanted * 3 then
        found[#found + 1] = name
        found[#found + 1] = value
        found[#found + 1] = redis.call('PTTL', ARGV[4] .. name)
      end
      from = '(' .. name
    end
    if #names < wanted then break end
  end
  return found
`;

/** For ioredis, which sends a script once and its digest from then on. */
export const SCRIPTS = {
  statePut: { numberOfKeys: 3, lua: PUT },
  statePutIfAbsent: { numberOfKeys: 3, lua: PUT_IF_ABSENT },
  stateCompareAndDelete: { numberOfKeys: 3, lua: COMPARE_AND_DELETE },
  stateRemove: { numberOfKeys: 4, lua: REMOVE },
  stateIncrement: { numberOfKeys: 1, lua: INCREMENT },
  stateList: { numberOfKeys: 1, lua: LIST },
} as const;

export type ScriptName = keyof typeof SCRIPTS;
