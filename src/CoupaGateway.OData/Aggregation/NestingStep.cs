namespace CoupaGateway.OData.Aggregation;

/// <summary>An object that a property of a result stands in: <c>invoices/status</c> is <c>{"invoices":{"status":…}}</c>.</summary>
/// <param name="IsCollection">Whether it is the only one of an array.</param>
internal sealed record NestingStep(string Name, bool IsCollection);
