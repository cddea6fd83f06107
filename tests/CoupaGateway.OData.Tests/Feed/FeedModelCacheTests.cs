using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using Microsoft.Extensions.Options;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class FeedModelCacheTests
{
    private readonly FeedModelCache _cache = new(Options.Create(new FeedOptions()));

    [Fact]
    public void Connections_with_keys_of_their_own_share_a_model_but_no_tables()
    {
        var (left, right) = (Revision("11111111"), Revision("22222222"));

        var (leftModel, rightModel) = (_cache.Get(left), _cache.Get(right));

        Assert.Same(leftModel.Edm, rightModel.Edm);
        var type = (IEdmEntityType)leftModel.Edm.FindType($"{EdmModelFactory.Namespace}.users");
        Assert.Same(left.Tables[0], leftModel.TableOf(type));
        Assert.Same(right.Tables[0], rightModel.TableOf(type));
    }

    [Fact]
    public void Tables_of_the_gateway_itself_are_found_unless_a_table_has_their_name()
    {
        var schema = Revision("11111111");
        var own = new SchemaRevision([.. schema.Tables, schema.Tables[0] with { Name = SystemTables.Meta.Name }]);

        Assert.Same(SystemTables.Meta, TableOf(schema, SystemTables.Meta.Name));
        Assert.Same(own.Tables[1], TableOf(own, SystemTables.Meta.Name));
        Assert.Same(SystemTables.DeletedRecords, TableOf(own, SystemTables.DeletedRecords.Name));
    }

    private TableSchema TableOf(SchemaRevision schema, string name)
    {
        var model = _cache.Get(schema);
        return model.TableOf((IEdmEntityType)model.Edm.FindType($"{EdmModelFactory.Namespace}.{name}"));
    }

    /// <param name="check">Tells the key of the pseudonyms from others.</param>
    private static SchemaRevision Revision(string check) => new(
    [
        new TableSchema
        {
            Name = "users",
            Columns =
            [
                new() { Name = "id", Type = ColumnType.Int64, IsKey = true },
                new()
                {
                    Name = "login",
                    Type = ColumnType.String,
                    Pseudonym = new() { Algorithm = PseudonymAlgorithm.HmacSha256, Domain = "user.login", KeyVersion = 1, SecretCheck = check, Rule = "logins" },
                },
            ],
        },
    ]);
}
