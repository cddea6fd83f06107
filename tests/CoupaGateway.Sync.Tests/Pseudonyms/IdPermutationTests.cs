using System.Globalization;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Sync.Tests.Pseudonyms;

public sealed class IdPermutationTests
{
    /// <summary>Lines of <c>id-vectors.txt</c>: id, version and domain, result.</summary>
    public static TheoryData<long, int, string, long> Vectors()
    {
        var vectors = new TheoryData<long, int, string, long>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "CoupaGateway.Sync.Tests", "Pseudonyms", "Data", "id-vectors.txt")))
        {
            var fields = line.Split(';', '/');
            vectors.Add(Number(fields[0]), (int)Number(fields[1]), fields[2], Number(fields[3]));
        }

        return vectors;

        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Every_result_is_what_python_computes(long id, int version, string domain, long expected) => Assert.Equal([expected], TestSecrets.Of(1, 2).IdTokensOf(version, domain, [id]));

    [Fact]
    public void Every_id_comes_back_and_none_leaves_the_range()
    {
        var ids = Ids("user.id");
        var random = new Random(53);
        long[] edges = [0, 1, (1L << 26) - 1, 1L << 26, (1L << 27) - 1, 1L << 27, (1L << 52) - 1, 1L << 52, IdPermutation.Largest - 1, IdPermutation.Largest];
        foreach (var id in edges.Concat(Enumerable.Range(0, 20_000).Select(i => i % 2 == 0 ? random.NextInt64(1_000_000) : random.NextInt64(IdPermutation.Largest + 1))))
        {
            var token = ids.Permute(id);
            Assert.True(IdPermutation.Contains(token) && ids.Invert(token) == id && ids.Permute(id) == token, $"{id}");
        }
    }

    [Fact]
    public void Different_ids_domains_and_keys_have_different_numbers()
    {
        var (one, other, newer) = (Ids("user.id"), Ids("supplier.id"), Ids("user.id", version: 2));
        var tokens = new HashSet<long>();
        for (long id = 0; id < 200_000; id++)
            Assert.True(tokens.Add(one.Permute(id)), $"{id}");
        for (long id = 0; id < 100; id++)
        {
            Assert.NotEqual(one.Permute(id), other.Permute(id));
            Assert.NotEqual(one.Permute(id), newer.Permute(id));
        }
    }

    /// <summary>Neighbours are nowhere near each other: of 2,000 pairs about as many fall as rise.</summary>
    [Fact]
    public void Order_means_nothing()
    {
        var ids = Ids("user.id");
        var rising = Enumerable.Range(0, 2_000).Count(id => ids.Permute(id) < ids.Permute(id + 1));
        Assert.InRange(rising, 850, 1_150);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 53)]
    public void What_is_no_id_has_no_other(long id)
    {
        Assert.False(IdPermutation.Contains(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ids("user.id").Permute(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ids("user.id").Invert(id));
    }

    private static IdPermutation Ids(string domain, int version = 1) => TestSecrets.Of(1, 2).IdsOf(TestSecrets.Mark(PseudonymAlgorithm.IdPermutation, domain, version: version));
}
