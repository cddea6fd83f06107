namespace CoupaGateway.Benchmarks;

/// <summary>One figure (or a few that belong together), measured by one command and compared within one run.</summary>
internal interface IScenario
{
    /// <summary>The word on the command line that runs it.</summary>
    string Name { get; }

    Task RunAsync(TextWriter report, CancellationToken cancellationToken);
}
