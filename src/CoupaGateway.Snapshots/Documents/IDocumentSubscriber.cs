namespace CoupaGateway.Snapshots.Documents;

/// <summary>Keeps the documents of one kind in memory; <see cref="IDocumentFollower"/> hands them over whenever any gateway has changed them.</summary>
public interface IDocumentSubscriber
{
    string Kind { get; }

    /// <summary>Takes all documents of the kind by id. Called by one thread at a time, first when they were read for the first time. Does not throw.</summary>
    void Take(IReadOnlyDictionary<string, string> documents);
}
