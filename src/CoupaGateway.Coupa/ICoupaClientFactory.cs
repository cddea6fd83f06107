using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Coupa;

/// <summary>Makes clients. Equal tenants get the same client, and with it one token and one circuit breaker.</summary>
public interface ICoupaClientFactory
{
    CoupaClient Create(CoupaTenant tenant);
}
