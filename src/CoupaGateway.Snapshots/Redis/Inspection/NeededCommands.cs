using System.Collections.Immutable;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis.Inspection;

/// <summary>Every command that the gateway sends besides those of the client itself, each with arguments that harm nothing.</summary>
internal static class NeededCommands
{
    /// <summary>What a probe's keys begin with; one slot of a cluster.</summary>
    private const string Prefix = "cg:{_check}:";

    /// <summary>By name; what changes something comes first, so that what reads it finds the right type.</summary>
    public static ImmutableArray<(string Name, Func<string, object[]> Arguments)> All { get; } =
    [
        ("SET", static id => [Text(id), "1", "PX", "60000", "NX"]),
        ("SETEX", static id => [Text(id), "60", "1"]),
        ("GET", static id => [Text(id)]),
        ("STRLEN", static id => [Text(id)]),
        ("GETRANGE", static id => [Text(id), "0", "0"]),
        ("EXISTS", static id => [Text(id)]),
        ("PTTL", static id => [Text(id)]),
        ("PEXPIRE", static id => [Text(id), "60000"]),
        ("EXPIRE", static id => [Text(id), "60"]),
        ("HSET", static id => [Map(id), "f", "1"]),
        ("HGET", static id => [Map(id), "f"]),
        ("HEXISTS", static id => [Map(id), "f"]),
        ("HMGET", static id => [Map(id), "f"]),
        ("HGETALL", static id => [Map(id)]),
        ("HKEYS", static id => [Map(id)]),
        ("HDEL", static id => [Map(id), "f"]),
        ("ZADD", static id => [Sorted(id), "0", "m"]),
        ("ZRANGE", static id => [Sorted(id), "0", "-1"]),
        ("ZRANGEBYSCORE", static id => [Sorted(id), "-inf", "+inf"]),
        ("ZREVRANGEBYSCORE", static id => [Sorted(id), "+inf", "-inf"]),
        ("ZREMRANGEBYRANK", static id => [Sorted(id), "0", "-2"]),
        ("ZREMRANGEBYSCORE", static id => [Sorted(id), "1", "2"]),
        ("ZREM", static id => [Sorted(id), "m"]),
        // Left out by a server, the client goes on without it, and two could change the same thing. A key that nobody writes, so it ends nobody's transaction.
        ("WATCH", static _ => [Text("nobody")]),
        ("UNWATCH", static _ => []),
        ("TIME", static _ => []),
        ("PUBLISH", static _ => [RedisChannel.Literal("cg:check"), ""]),
        ("PERSIST", static id => [Text(id)]),
        ("DEL", static id => [Text(id)]),
        ("UNLINK", static id => [Map(id)]),
    ];

    /// <summary>Commands that only a transaction sends.</summary>
    public static ImmutableArray<string> Transaction { get; } = ["MULTI", "EXEC", "DISCARD"];

    /// <summary>A key for a probe's transaction.</summary>
    public static RedisKey Text(string id) => $"{Prefix}{id}:text";

    private static RedisKey Map(string id) => $"{Prefix}{id}:map";

    private static RedisKey Sorted(string id) => $"{Prefix}{id}:sorted";
}
