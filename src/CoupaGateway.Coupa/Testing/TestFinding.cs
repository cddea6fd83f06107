namespace CoupaGateway.Coupa.Testing;

/// <summary>What a step found: one thing, or one for each scope or table.</summary>
/// <param name="Code">A name that stays the same over versions; <see cref="TestAdvice"/> has cause and fix by it.</param>
/// <param name="Found">What was found, in a sentence. No secrets, no data.</param>
/// <param name="Subject">The scope or table; null when it is about the connection.</param>
public sealed record TestFinding(TestState State, string Code, string Found, string? Subject = null)
{
    /// <summary>Whether nothing after it can be found out.</summary>
    public bool Stops { get; init; }

    public static TestFinding Ok(string found, string? subject = null) => new(TestState.Ok, TestCodes.Ok, found, subject);

    /// <summary>Something that ends the test.</summary>
    public static TestFinding Stop(string code, string found) => new(TestState.Failed, code, found) { Stops = true };
}
