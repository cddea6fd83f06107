using System.Text.Json;
using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Access.Keys;

/// <summary>Makes, rotates and revokes keys. What it changes is in force here when it returns, and on the other gateways within a second.</summary>
internal sealed class KeyStore(ISharedDocumentStore store, IDocumentFollower follower, ApiKeyDirectory directory, TimeProvider time)
{
    /// <returns>The stored key, and its text, which is nowhere else.</returns>
    public async Task<(ApiKey Key, string Text)> CreateAsync(KeyInput input, string createdBy, CancellationToken cancellationToken)
    {
        var (id, text) = KeyText.Create();
        var key = new ApiKey
        {
            Id = id,
            Name = input.Name!.Trim(),
            Role = input.Role!.Value,
            Hash = KeyText.Hash(text),
            Grants = input.Grants is { } grants ? [.. grants] : null,
            Limits = input.Limits,
            AllowInQuery = input.AllowInQuery ?? false,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = createdBy,
            ExpiresAt = input.ExpiresAt?.ToUniversalTime(),
        };
        await store.TryWriteAsync(AccessDocuments.Keys, id, expected: null, Write(key), cancellationToken);
        await follower.RefreshAsync(cancellationToken);
        return (key, text);
    }

    /// <summary>Gives the key a new secret.</summary>
    /// <param name="overlap">How long the old secret still holds.</param>
    /// <returns>Null when there is no such key.</returns>
    public async Task<(ApiKey Key, string Text)?> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        while (directory.Find(id) is { } key && directory.TextOf(id) is { } stored)
        {
            var (_, text) = KeyText.Create(id);
            var now = time.GetUtcNow();
            var rotated = key with
            {
                Hash = KeyText.Hash(text),
                PreviousHash = overlap > TimeSpan.Zero ? key.Hash : null,
                PreviousUntil = overlap > TimeSpan.Zero ? now + overlap : null,
                RotatedAt = now,
            };
            var isWritten = await store.TryWriteAsync(AccessDocuments.Keys, id, stored, Write(rotated), cancellationToken);
            await follower.RefreshAsync(cancellationToken);
            if (isWritten)
                return (rotated, text);
        }

        return null;
    }

    /// <returns>False when there is no such key.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        while (directory.TextOf(id) is { } stored)
        {
            var isWritten = await store.TryWriteAsync(AccessDocuments.Keys, id, stored, value: null, cancellationToken);
            await follower.RefreshAsync(cancellationToken);
            if (isWritten)
                return true;
        }

        return false;
    }

    private static string Write(ApiKey key) => JsonSerializer.Serialize(key, AccessDocuments.Json);
}
