using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.OData.Tests.Corpus;

/// <summary>
/// A corpus of requests that are nearly right: whatever comes in, the answer is a result or an error of OData, soon, and costs no memory that stays.
/// <c>COUPA_GATEWAY_CORPUS</c> sets how many, <c>COUPA_GATEWAY_CORPUS_SEED</c> which, and <c>COUPA_GATEWAY_CORPUS_ONLY</c> the number of the only one to send.
/// </summary>
[Collection(nameof(CorpusTests))]
[CollectionDefinition(nameof(CorpusTests), DisableParallelization = true)]
public sealed class CorpusTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 4;

    /// <summary>Memory that may be in use after the corpus beyond what was in use after its first part, in bytes.</summary>
    private const long Growth = 96L << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<int, int> _statuses = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Clients, AutomaticDecompression = System.Net.DecompressionMethods.None }) { Timeout = TimeSpan.FromSeconds(30) };
    private FeedFixture _feed = null!;
    private AnswerCheck _check = null!;
    private CorpusMaker _maker = null!;
    private long _slowest;
    private long _checkedRefusals;

    private static int Seed => Setting("COUPA_GATEWAY_CORPUS_SEED") ?? 20_261_126;

    private static int Requests => Setting("COUPA_GATEWAY_CORPUS") ?? 100_000;

    public async ValueTask InitializeAsync()
    {
        _feed = await FeedFixture.StartAsync(static services => services.Configure<QueryOptions>(static options => (options.MemoryLimit, options.LookupMemory) = (256L << 20, 16L << 20)));
        _check = new(_feed, await ODataMessages.ModelAsync(_feed));
        _maker = new(Seed, [await LinkAsync("values?$orderby=b,c desc&$top=40", "@odata.nextLink"), await LinkAsync("values?$apply=groupby((a,b))", "@odata.nextLink"), await LinkAsync("invoices?$select=id,status", "@odata.deltaLink")]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _feed.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_comes_in_the_answer_is_a_result_or_an_error_of_OData()
    {
        if (Setting("COUPA_GATEWAY_CORPUS_ONLY") is { } only)
        {
            output.WriteLine(_maker.Make(only).ToString());
            await SendAsync(only);
            Assert.True(_faults.IsEmpty, string.Join('\n', _faults));
            return;
        }

        var first = Requests / 10;
        await SendAsync(0, first);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(first, Requests);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        output.WriteLine(string.Join(", ", _statuses.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key}: {pair.Value}")));
        output.WriteLine($"slowest {_slowest} ms, {_checkedRefusals} refused by the server itself, {grown >> 10} KiB more in use");
        Assert.True(_faults.IsEmpty, $"{_faults.Count} of {Requests} with the seed {Seed}:\n{string.Join("\n\n", _faults.Take(20))}");
        Assert.True(grown < Growth, $"{grown} bytes more are in use than after the first {first} requests (seed {Seed}).");

        // A corpus that only fails proves little.
        Assert.True(_statuses.GetValueOrDefault(200) > Requests / 10 && _checkedRefusals < Requests / 50, $"{_statuses.GetValueOrDefault(200)} results, {_checkedRefusals} refused by the server itself.");
    }

    private async Task SendAsync(int from, int to)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < to && _faults.Count < 100)
                    await SendAsync(number);
            },
            FeedFixture.Stop)));
    }

    private async Task SendAsync(int number)
    {
        var request = _maker.Make(number);
        try
        {
            var fault = await TrySendAsync(request, count: true);

            // On a machine that is busy, what took long once is slow only if it takes long again.
            for (var again = 0; again < 2 && fault?.StartsWith("slow", StringComparison.Ordinal) == true; again++)
                fault = await TrySendAsync(request, count: false);
            if (fault is not null)
                _faults.Add($"{number}: {fault}\n{Shorten(request.ToString())}");
        }
        catch (Exception error) when (error is not OperationCanceledException || !FeedFixture.Stop.IsCancellationRequested)
        {
            _faults.Add($"{number}: {error.GetType().Name} {error.Message}\n{Shorten(request.ToString())}");
        }
    }

    private async Task<string?> TrySendAsync(CorpusRequest request, bool count)
    {
        var start = Stopwatch.GetTimestamp();
        using var message = ToMessage(request);
        using var response = await _client.SendAsync(message, FeedFixture.Stop);
        var body = await response.Content.ReadAsByteArrayAsync(FeedFixture.Stop);
        var took = Stopwatch.GetElapsedTime(start);
        if (count)
        {
            _statuses.AddOrUpdate((int)response.StatusCode, 1, static (_, before) => before + 1);
            if (AnswerCheck.IsRefusedByServer(response, body))
                Interlocked.Increment(ref _checkedRefusals);
        }

        InterlockedMax((long)took.TotalMilliseconds);
        return took > Limit ? $"slow: {took.TotalSeconds:0.0} s" : await _check.FindFaultAsync(request, response, body);
    }

    private HttpRequestMessage ToMessage(CorpusRequest request)
    {
        var message = new HttpRequestMessage(new(request.Method), new Uri($"{_feed.Root}/{request.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (request.Body is not null)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body));
        if (request.ContentType is not null)
            message.Content!.Headers.TryAddWithoutValidation("Content-Type", Ascii(request.ContentType));
        foreach (var (name, value) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, Ascii(value));
        return message;
    }

    /// <summary>Headers are ASCII: the client itself sends nothing else.</summary>
    private static string Ascii(string value) => string.Concat(value.Where(static character => character is >= ' ' and < '\u007f'));

    private async Task<string> LinkAsync(string path, string name)
    {
        var page = await _feed.JsonAsync(path, ("Prefer", name.EndsWith("deltaLink", StringComparison.Ordinal) ? "odata.track-changes" : "odata.maxpagesize=4"));
        return page.GetProperty(name).GetString()![(_feed.Root.Length + 1)..];
    }

    private void InterlockedMax(long value)
    {
        for (var seen = Volatile.Read(ref _slowest); value > seen; seen = Volatile.Read(ref _slowest))
            Interlocked.CompareExchange(ref _slowest, value, seen);
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Shorten(string text) => text.Length <= 1_500 ? text : string.Concat(text.AsSpan(0, 1_500), "…");
}
