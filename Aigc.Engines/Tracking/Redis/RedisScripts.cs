namespace Aigc.Engines.Tracking.Redis;

/// <summary>
/// What happens in one step within Redis (5 and later). <c>own</c> throws away what somebody else left under our names with another type.
/// A full Redis refuses a script's first write, if that needs memory, and no later one. So <c>insist</c> begins with a write
/// that needs none: routes, revocations and activity are small, and people would lose work without them.
/// </summary>
internal static class RedisScripts
{
    private const string Own =
        """
        local function own(key, kind)
          local there = redis.call('TYPE', key).ok
          if there ~= kind and there ~= 'none' then redis.call('DEL', key) end
        end
        local function insist() redis.call('DEL', KEYS[1] .. ':none') end
        local function now()
          local t = redis.call('TIME')
          return t[1] * 1000 + math.floor(t[2] / 1000)
        end
        local function run()
          local info = redis.pcall('INFO', 'server')
          return type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
        end
        local function leads(term)
          return (tonumber(redis.call('HGET', KEYS[1], 'term') or 0) or 0) <= tonumber(term)
        end
        local function change(member, channel)
          local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
          redis.call('ZADD', KEYS[2], seq, member)
          if redis.call('ZCARD', KEYS[2]) > 20000 then
            local last = redis.call('ZRANGE', KEYS[2], 999, 999, 'WITHSCORES')
            redis.call('HSET', KEYS[1], 'floor', last[2])
            redis.call('ZREMRANGEBYRANK', KEYS[2], 0, 999)
          end
          redis.call('PUBLISH', channel, seq)
        end
        """ + "\n";

    /// <summary>KEYS staged; ARGV engine, body, …</summary>
    public const string Stage = Own +
        """
        insist()
        for i = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        redis.call('PEXPIRE', KEYS[1], 60000)
        """;

    /// <summary>KEYS head, changes, routes, staged, activity; ARGV channel, term, epoch, count. 1; -1: not leading; 0: what was staged is lost.</summary>
    public const string Begin = Own +
        """
        own(KEYS[1], 'hash') own(KEYS[2], 'zset') own(KEYS[5], 'zset')
        if not leads(ARGV[2]) then return -1 end
        if redis.call('HLEN', KEYS[4]) ~= tonumber(ARGV[4]) then return 0 end
        redis.call('DEL', KEYS[3])
        if ARGV[4] ~= '0' then
          redis.call('RENAME', KEYS[4], KEYS[3])
          redis.call('PERSIST', KEYS[3])
        end
        for _, engine in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
          if redis.call('HEXISTS', KEYS[3], engine) == 0 then redis.call('ZREM', KEYS[5], engine) end
        end
        redis.call('HMSET', KEYS[1], 'term', ARGV[2], 'epoch', ARGV[3], 'run', run())
        redis.call('PUBLISH', ARGV[1], redis.call('HINCRBY', KEYS[1], 'seq', 1))
        return 1
        """;

    /// <summary>KEYS head, changes, routes; ARGV channel, term, engine, body. -1: not leading.</summary>
    public const string Publish = Own +
        """
        own(KEYS[1], 'hash') own(KEYS[2], 'zset') own(KEYS[3], 'hash')
        if not leads(ARGV[2]) then return -1 end
        insist()
        redis.call('HSET', KEYS[1], 'term', ARGV[2])
        redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
        change('r:' .. ARGV[3], ARGV[1])
        return 1
        """;

    /// <summary>KEYS head, changes, routes, activity, proxies; ARGV channel, term, engine, start of the leases' keys. -1: not leading.</summary>
    public const string Remove = Own +
        """
        own(KEYS[1], 'hash') own(KEYS[2], 'zset') own(KEYS[3], 'hash') own(KEYS[4], 'zset') own(KEYS[5], 'zset')
        if not leads(ARGV[2]) then return -1 end
        insist()
        redis.call('HSET', KEYS[1], 'term', ARGV[2])
        redis.call('HDEL', KEYS[3], ARGV[3])
        redis.call('ZREM', KEYS[4], ARGV[3])
        for _, proxy in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do redis.pcall('HDEL', ARGV[4] .. proxy, ARGV[3]) end
        change('r:' .. ARGV[3], ARGV[1])
        return 1
        """;

    /// <summary>
    /// KEYS head, changes, routes; ARGV epoch, seq (-1: tell everything).
    /// Answers <c>same</c> | <c>changes</c>, epoch, seq, member, body, … | <c>snapshot</c>, epoch, seq, whether it is complete, bodies, …
    /// </summary>
    public const string Read = Own +
        """
        local head = redis.pcall('HMGET', KEYS[1], 'epoch', 'seq', 'floor', 'run')
        if head.err then head = {} end
        local epoch = head[1] or ''
        local seq, floor = tonumber(head[2] or 0) or 0, tonumber(head[3] or 0) or 0
        local from = tonumber(ARGV[2])
        local told = string.format('%.0f', seq)
        if from >= floor and epoch == ARGV[1] and seq >= from then
          if seq == from then return {'same'} end
          local members = redis.pcall('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf')
          if not members.err then
            local answer = {'changes', epoch, told}
            for _, member in ipairs(members) do
              answer[#answer + 1] = member
              local body = string.sub(member, 1, 2) == 'r:' and redis.pcall('HGET', KEYS[3], string.sub(member, 3))
              answer[#answer + 1] = type(body) == 'string' and body or ''
            end
            return answer
          end
        end
        local complete = epoch ~= '' and (head[4] or '') == run()
        local answer = {'snapshot', epoch, told, complete and 1 or 0}
        local bodies = redis.pcall('HVALS', KEYS[3])
        if bodies.err then answer[4] = 0 return answer end
        for _, body in ipairs(bodies) do answer[#answer + 1] = body end
        return answer
        """;

    /// <summary>KEYS sign-in, children of its parent, changes; ARGV key, parent or nothing, body, milliseconds, revision.</summary>
    public const string PutSignIn = Own +
        """
        own(KEYS[2], 'set') own(KEYS[3], 'zset')
        if redis.call('ZSCORE', KEYS[3], 's:' .. ARGV[1]) or redis.call('ZSCORE', KEYS[3], 's:' .. ARGV[2]) then return 0 end
        local there = redis.pcall('GET', KEYS[1])
        local known, before = pcall(cjson.decode, type(there) == 'string' and there or '')
        if known and type(before) == 'table' and (tonumber(before.Revision) or 0) > tonumber(ARGV[5]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
        if ARGV[2] ~= '' then
          redis.call('SADD', KEYS[2], ARGV[1])
          if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
        end
        return 1
        """;

    /// <summary>KEYS head, changes, sign-in, its children; ARGV channel, key, start of sign-ins' keys.</summary>
    public const string Revoke = Own +
        """
        own(KEYS[1], 'hash') own(KEYS[2], 'zset') own(KEYS[4], 'set')
        insist()
        for _, child in ipairs(redis.call('SMEMBERS', KEYS[4])) do redis.call('DEL', ARGV[3] .. child) end
        redis.call('DEL', KEYS[3], KEYS[4])
        change('s:' .. ARGV[2], ARGV[1])
        """;

    /// <summary>KEYS head, changes; ARGV channel, user.</summary>
    public const string TellPersonChanged = Own +
        """
        own(KEYS[1], 'hash') own(KEYS[2], 'zset')
        insist()
        change('p:' .. ARGV[2], ARGV[1])
        """;

    /// <summary>KEYS code.</summary>
    public const string TakeCode =
        """
        local body = redis.pcall('GET', KEYS[1])
        redis.call('DEL', KEYS[1])
        return type(body) == 'string' and body
        """;

    /// <summary>KEYS proxies, leases of this proxy, activity; ARGV lifetime in ms, proxy, then engine, open, quiet in ms or nothing, …</summary>
    public const string Report = Own +
        """
        own(KEYS[1], 'zset') own(KEYS[2], 'hash') own(KEYS[3], 'zset')
        insist()
        local at = now()
        for i = 3, #ARGV, 3 do
          if ARGV[i + 1] == '0' then redis.call('HDEL', KEYS[2], ARGV[i]) else redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
          if ARGV[i + 2] ~= '' then
            local known = tonumber(redis.call('ZSCORE', KEYS[3], ARGV[i]) or -1)
            -- Set back, the clock makes the past a future: that becomes now.
            local last = known > at and at or math.max(known, at - ARGV[i + 2])
            if last ~= known then redis.call('ZADD', KEYS[3], string.format('%.0f', last), ARGV[i]) end
          end
        end
        if redis.call('PEXPIRE', KEYS[2], ARGV[1]) == 1 then
          redis.call('ZADD', KEYS[1], string.format('%.0f', at + ARGV[1]), ARGV[2])
        else
          redis.call('ZREM', KEYS[1], ARGV[2])
        end
        """;

    /// <summary>KEYS proxies, activity, since; ARGV lifetime in ms, start of the leases' keys. Age of the data in ms, then engine, open, quiet in ms or -1, …</summary>
    public const string Activity = Own +
        """
        own(KEYS[1], 'zset') own(KEYS[2], 'zset') own(KEYS[3], 'hash')
        insist()
        local at, this = now(), run()
        local since = redis.call('HMGET', KEYS[3], 'run', 'at')
        local begun = since[1] == this and tonumber(since[2]) or math.huge
        if begun > at then
          begun = at
          redis.call('HMSET', KEYS[3], 'run', this, 'at', string.format('%.0f', at))
        end
        local open, quiet = {}, {}
        local proxies = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
        for i = 1, #proxies, 2 do
          local ends = tonumber(proxies[i + 1])
          if ends > at + ARGV[1] then redis.call('ZADD', KEYS[1], string.format('%.0f', at + ARGV[1]), proxies[i]) end
          local leases = ends > at and redis.pcall('HGETALL', ARGV[2] .. proxies[i]) or {}
          if ends <= at then redis.call('ZREM', KEYS[1], proxies[i]) end
          for j = 1, #leases, 2 do open[leases[j]] = (open[leases[j]] or 0) + (tonumber(leases[j + 1]) or 0) end
        end
        local activity = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
        for i = 1, #activity, 2 do
          local last = tonumber(activity[i + 1])
          if last > at then
            last = at
            redis.call('ZADD', KEYS[2], string.format('%.0f', at), activity[i])
          end
          quiet[activity[i]] = at - last
          open[activity[i]] = open[activity[i]] or 0
        end
        local answer, n = {at - begun}, 1
        for engine, count in pairs(open) do
          answer[n + 1], answer[n + 2], answer[n + 3] = engine, count, quiet[engine] or -1
          n = n + 3
        end
        return answer
        """;
}
