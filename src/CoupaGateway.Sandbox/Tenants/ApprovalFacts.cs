namespace CoupaGateway.Sandbox.Tenants;

/// <summary>One step of the approval of a requisition or an invoice.</summary>
internal sealed record ApprovalFacts(
    string ApprovableType, long ApprovableId, int Position, long ApproverId, string Status, long? DecidedAt, long Created, long Updated);
