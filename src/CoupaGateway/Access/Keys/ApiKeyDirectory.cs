using System.Security.Cryptography;
using System.Text.Json;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Access.Keys;

/// <summary>All keys in memory, so that checking one costs a hash and a look-up and no round trip.</summary>
internal sealed class ApiKeyDirectory(TimeProvider time, ILogger<ApiKeyDirectory> logger) : IDocumentSubscriber
{
    private static readonly byte[] Nobody = new byte[KeyText.HashBytes];

    private volatile State? _state;

    public string Kind => AccessDocuments.Keys;

    /// <summary>Whether the keys were read: before that, nobody is known.</summary>
    public bool IsLoaded => _state is not null;

    public IReadOnlyCollection<ApiKey> All => _state?.ById.Values ?? (IReadOnlyCollection<ApiKey>)[];

    public void Take(IReadOnlyDictionary<string, string> documents)
    {
        var known = _state;
        var keys = new Dictionary<string, ApiKey>(documents.Count, StringComparer.Ordinal);
        foreach (var (id, text) in documents)
        {
            // Of 10,000 keys mostly one has changed.
            if (known is not null && known.Texts.TryGetValue(id, out var before) && before == text)
                keys[id] = known.ById[id];
            else if (Read(id, text) is { } key)
                keys[id] = key;
        }

        _state = new State(keys, documents);
    }

    public ApiKey? Find(string id) => _state?.ById.GetValueOrDefault(id);

    /// <summary>The stored text of a key, for compare-and-set.</summary>
    public string? TextOf(string id) => _state?.Texts.GetValueOrDefault(id);

    /// <summary>The key that a text is, if it is in force. Wrong, expired, revoked and malformed texts take the same way through the same comparisons.</summary>
    public ApiKey? Check(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[KeyText.HashBytes];
        KeyText.Hash(text, hash);
        ApiKey? key = null;
        if (_state is { } state)
            state.Lookup.TryGetValue(KeyText.IdOf(text), out key);

        var now = time.GetUtcNow();
        var matches = CryptographicOperations.FixedTimeEquals(hash, key?.Ready.Hash ?? Nobody);
        var matchesPrevious = CryptographicOperations.FixedTimeEquals(hash, key?.Ready.PreviousHash ?? Nobody) & now < (key?.PreviousUntil ?? DateTimeOffset.MinValue);
        var isInForce = now < (key?.ExpiresAt ?? DateTimeOffset.MaxValue);
        return (matches | matchesPrevious) & isInForce ? key : null;
    }

    private ApiKey? Read(string id, string text)
    {
        try
        {
            var key = JsonSerializer.Deserialize<ApiKey>(text, AccessDocuments.Json);
            _ = key?.Ready;
            return key;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            AccessLog.KeyUnreadable(logger, id);
            return null;
        }
    }

    private sealed class State(Dictionary<string, ApiKey> byId, IReadOnlyDictionary<string, string> texts)
    {
        public Dictionary<string, ApiKey> ById { get; } = byId;

        public Dictionary<string, ApiKey>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; } = byId.GetAlternateLookup<ReadOnlySpan<char>>();

        public IReadOnlyDictionary<string, string> Texts { get; } = texts;
    }
}
