namespace CoupaGateway.Snapshots.Documents;

/// <summary>All documents of one kind at one time.</summary>
/// <param name="Revision">As <see cref="ISharedDocumentStore.ReadRevisionAsync"/> gives it; perhaps a write older than the documents, never newer.</param>
/// <param name="Documents">JSON by id.</param>
public sealed record DocumentSet(string? Revision, IReadOnlyDictionary<string, string> Documents);
