namespace CoupaGateway.Audit;

/// <summary>Something that was done, or tried.</summary>
/// <param name="Id">Differs for every entry.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Who">Name of the key, or the subject of the token.</param>
/// <param name="KeyId">Id of the key; null for tokens and for the demo.</param>
/// <param name="What">Operation of this API, such as <c>createConnection</c>.</param>
/// <param name="Connection">Name of the connection; null for what concerns none.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="Source">Address that the request came from.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, string Who, string? KeyId, string What, string? Connection, int Status, string? Source);
