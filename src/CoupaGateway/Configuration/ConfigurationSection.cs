namespace CoupaGateway.Configuration;

/// <summary>A section of the configuration and the options that it is bound to.</summary>
/// <param name="Path">Its path; <c>{name}</c> stands for any name.</param>
internal sealed record ConfigurationSection(string Path, params Type[] Options);
