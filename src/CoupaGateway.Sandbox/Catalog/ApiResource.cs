namespace CoupaGateway.Sandbox.Catalog;

/// <summary>What answers under <c>/api/{Name}</c>.</summary>
internal sealed record ApiResource(string Name, ApiClass Class, string Scope);
