using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>An object of the tenant before it is written: its class, identity and times. All else follows from these.</summary>
/// <param name="Class">The class whose fields the object shows.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Seed">What its made-up values grow from; the same wherever the object is shown.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Updated">Seconds since 1970, not before <paramref name="Created"/>.</param>
/// <param name="Facts">What the tenant's histories say of the object, or null.</param>
internal sealed record Node(ApiClass Class, long Id, ulong Seed, long Created, long Updated, object? Facts = null)
{
    /// <summary>Whether many records refer to this object: class and id then say all of it.</summary>
    public bool IsShared { get; init; }
}
