using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CoupaGateway.OData.Tests.Corpus;

namespace CoupaGateway.Fuzz;

/// <summary>
/// A driver of its own, for machines that have neither AFL nor libFuzzer: (1) take an input that has led to something new, (2) change it, (3) run it, (4) keep it when it leads to a
/// branch that none has taken before. Inputs that are kept, and those that fail, are files in a folder, where the next run goes on.
/// </summary>
/// <param name="folder">Gets the folders <c>corpus</c> and <c>faults</c>.</param>
internal sealed class FuzzLoop(string folder, int seed)
{
    private const int MaxLength = 4_000;

    private readonly string _corpus = Directory.CreateDirectory(Path.Combine(folder, "corpus")).FullName;
    private readonly string _faults = Directory.CreateDirectory(Path.Combine(folder, "faults")).FullName;
    private readonly Random _random = new(seed);
    private readonly List<string> _inputs = [];

    /// <returns>How many inputs have failed.</returns>
    public int Run(TimeSpan time)
    {
        // First what counts: instrumented code writes where it says.
        using var coverage = new Coverage();
        using var target = new UrlTarget();
        var (start, runs, failed, told) = (Stopwatch.GetTimestamp(), 0L, 0, TimeSpan.Zero);
        foreach (var input in CorpusSeeds.Paths.Concat(Directory.EnumerateFiles(_corpus).Order(StringComparer.Ordinal).Select(File.ReadAllText)))
            Try(input);
        if (coverage.Branches == 0)
            throw new InvalidOperationException("No branch is counted: CoupaGateway.OData.dll is not instrumented. Start this by tests/fuzz/run.");

        while (Stopwatch.GetElapsedTime(start) is var passed && passed < time)
        {
            // (1), (2)
            var input = CorpusMaker.Mutate(_random, _inputs[_random.Next(_inputs.Count)], CorpusSeeds.Paths, edits: _random.Next(1, 4));
            Try(AsReceived(input.Length > MaxLength ? input[..MaxLength] : input));
            if (passed - told > TimeSpan.FromSeconds(10))
            {
                told = passed;
                Tell(passed);
            }
        }

        Tell(time);
        return failed;

        void Try(string input)
        {
            // (3)
            coverage.Clear();
            runs++;
            string? fault;
            try
            {
                // What took long once, in a process that still compiles or on a busy machine, is slow only if it takes long again.
                fault = target.Run(input);
                if (fault?.EndsWith(" s", StringComparison.Ordinal) == true)
                    fault = target.Run(input);
            }
            catch (Exception error)
            {
                fault = error.ToString();
            }

            // (4)
            if (coverage.IsNew())
            {
                _inputs.Add(input);
                Save(_corpus, input, input);
            }

            if (fault is null)
                return;
            failed++;
            Save(_faults, input, $"{fault}\n{input}");
            Console.WriteLine($"FAULT {fault.Split('\n', 2)[0]}: {input}");
        }

        void Tell(TimeSpan passed) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{passed.TotalSeconds:0} s, seed {seed}: {runs} runs, {coverage.Branches} branches, {_inputs.Count} inputs kept, {failed} faults"));
    }

    /// <summary>What comes in was UTF-8: half a character, which a change may leave, becomes U+FFFD there. Nor could it be saved.</summary>
    private static string AsReceived(string input) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(input));

    private static void Save(string folder, string input, string text) =>
        File.WriteAllText(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input)).AsSpan(0, 10))), text);
}
