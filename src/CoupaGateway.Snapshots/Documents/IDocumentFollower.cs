namespace CoupaGateway.Snapshots.Documents;

/// <summary>Brings changed documents to their subscribers: at once on a message, else every <see cref="CacheOptions.PollInterval"/>.</summary>
public interface IDocumentFollower
{
    /// <summary>Brings them now. Whoever has written a document waits for this to see it himself.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Ends when the documents were read for the first time.</summary>
    Task WaitUntilLoadedAsync(CancellationToken cancellationToken);
}
