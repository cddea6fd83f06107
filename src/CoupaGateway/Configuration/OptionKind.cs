namespace CoupaGateway.Configuration;

/// <summary>How a setting is written.</summary>
internal enum OptionKind
{
    /// <summary><c>Name</c></summary>
    Value,

    /// <summary><c>Name:0</c>, <c>Name:1</c>, …</summary>
    List,

    /// <summary><c>Name:{key}</c></summary>
    Map,

    /// <summary><c>Name:Member</c></summary>
    Section,
}
