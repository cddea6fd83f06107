using CoupaGateway.Benchmarks;
using CoupaGateway.Benchmarks.Access;
using CoupaGateway.Benchmarks.Demo;
using CoupaGateway.Benchmarks.Flatten;
using CoupaGateway.Benchmarks.Loads;
using CoupaGateway.Benchmarks.Metadata;
using CoupaGateway.Benchmarks.Pseudonyms;
using CoupaGateway.Benchmarks.Rows;

// dotnet run -c Release --project tests/benchmarks -- all | NAME ...
IScenario[] scenarios =
[
    new PageScenario(), new StagesScenario(), new QueriesScenario(), new LookupScenario(), new ExpandScenario(), new GzipScenario(), new ReadAllScenario(), new DownloadScenario(), new FlattenScenario(), new DemoScenario(), new PseudonymScenario(),
    new BudgetScenario(), new DeltaScenario(), new MetadataScenario(), new KeysScenario(), new ConnectionsScenario(), new ReadersScenario(), new SizingScenario(),
];

var wanted = args.Length == 0 || args.Contains("all") ? scenarios : [.. scenarios.Where(scenario => args.Contains(scenario.Name))];
if (wanted.Length == 0)
{
    Console.Error.WriteLine($"No such scenario. There are: all {string.Join(' ', scenarios.Select(static scenario => scenario.Name))}");
    return 2;
}

foreach (var scenario in wanted)
{
    Console.WriteLine($"## {scenario.Name}");
    await scenario.RunAsync(Console.Out, CancellationToken.None);
}

return 0;
