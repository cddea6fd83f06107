using System.Globalization;
using CoupaGateway.Snapshots.Manifests;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Redis;

/// <summary>
/// Every key that the gateway keeps in Redis. What is committed together shares the hash tag of its connection and so one slot of a cluster;
/// chunks have no tag and spread over all nodes.
/// <code>
/// cg:connections                                 sorted set  names of connections that have tables
/// cg:{connection}:heads                          hash        table -> version:fingerprint of the manifest
/// cg:{connection}:table:manifest:version         string      JSON; a time to live once replaced
/// cg:{connection}:table:kept                     sorted set  every key that a commit of the table ever made persistent
/// cg:{connection}:table:state:name               string      small state of the sync
/// cg:{connection}:table:lease                    string      who works on the table; a time to live
/// cg:docs:{connection}:collection                hash        name -> JSON: jobs, runs, schedules
/// cg:bucket:name                                 string      tokens of a request budget; a time to live
/// cg:chunk:connection:table:hash                 string      Parquet; a time to live while staged and once replaced
/// cg:commits                                     channel     "connection/table" after each commit
/// cg:{_documents}:kind                           hash        id -> JSON: stored connections, keys, key ring, custom metadata
/// cg:{_documents}:kind:revision                  string      changes with every write of the kind
/// cg:{_documents}:journal:name                   sorted set  entries by time: the audit log, revisions of custom metadata
/// cg:documents                                   channel     "kind" after each write
/// </code>
/// </summary>
internal static class RedisKeys
{
    public static RedisKey Connections => "cg:connections";

    public static RedisChannel Commits { get; } = RedisChannel.Literal("cg:commits");

    public static RedisChannel DocumentChanges { get; } = RedisChannel.Literal("cg:documents");

    // No connection has this hash tag: their names have no underscore.
    public static RedisKey SharedDocuments(string kind) => $"cg:{{_documents}}:{Safe(kind)}";

    public static RedisKey SharedDocumentRevision(string kind) => $"cg:{{_documents}}:{Safe(kind)}:revision";

    public static RedisKey Journal(string name) => $"cg:{{_documents}}:journal:{Safe(name)}";

    public static RedisKey Heads(string connection) => $"cg:{{{Safe(connection)}}}:heads";

    public static RedisKey Manifest(TableId table, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(table)}:manifest:{version}");

    public static RedisKey Kept(TableId table) => $"{Prefix(table)}:kept";

    public static RedisKey State(TableId table, string name) => $"{Prefix(table)}:state:{Safe(name)}";

    public static RedisKey Lease(TableId table) => $"{Prefix(table)}:lease";

    public static RedisKey Documents(string connection, string collection) => $"cg:docs:{{{Safe(connection)}}}:{Safe(collection)}";

    public static RedisKey Bucket(string name) => $"cg:bucket:{Safe(name)}";

    public static RedisKey Chunk(TableId table, string hash) => $"cg:chunk:{Safe(table.Connection)}:{Safe(table.Table)}:{hash}";

    private static string Prefix(TableId table) => $"cg:{{{Safe(table.Connection)}}}:{Safe(table.Table)}";

    // A brace or a colon in a name would move the hash tag or make two keys one.
    private static string Safe(string name) => Uri.EscapeDataString(name);
}
