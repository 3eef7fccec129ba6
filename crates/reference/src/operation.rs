//! API operations whose permission is called otherwise. AWS documents it at the operation.

/// An operation, and the permission that it needs.
const PERMISSIONS: [(&str, &str); 121] = [
    ("bedrock:Converse", "bedrock:InvokeModel"),
    ("bedrock:ConverseStream", "bedrock:InvokeModelWithResponseStream"),
    ("bedrock:InvokeModelWithBidirectionalStream", "bedrock:InvokeModel"),
    ("bedrock:RetrieveAndGenerateStream", "bedrock:RetrieveAndGenerate"),
    ("bedrock:StartAsyncInvoke", "bedrock:InvokeModel"),
    ("budgets:CreateBudget", "budgets:ModifyBudget"),
    ("budgets:CreateNotification", "budgets:ModifyBudget"),
    ("budgets:CreateSubscriber", "budgets:ModifyBudget"),
    ("budgets:DeleteBudget", "budgets:ModifyBudget"),
    ("budgets:DeleteNotification", "budgets:ModifyBudget"),
    ("budgets:DeleteSubscriber", "budgets:ModifyBudget"),
    ("budgets:DescribeBudget", "budgets:ViewBudget"),
    ("budgets:DescribeBudgetNotificationsForAccount", "budgets:ViewBudget"),
    ("budgets:DescribeBudgetPerformanceHistory", "budgets:ViewBudget"),
    ("budgets:DescribeBudgets", "budgets:ViewBudget"),
    ("budgets:DescribeNotificationsForBudget", "budgets:ViewBudget"),
    ("budgets:DescribeSubscribersForNotification", "budgets:ViewBudget"),
    ("budgets:UpdateBudget", "budgets:ModifyBudget"),
    ("budgets:UpdateNotification", "budgets:ModifyBudget"),
    ("budgets:UpdateSubscriber", "budgets:ModifyBudget"),
    ("cassandra:CreateKeyspace", "cassandra:Create"),
    ("cassandra:CreateTable", "cassandra:Create"),
    ("cassandra:DeleteKeyspace", "cassandra:Drop"),
    ("cassandra:DeleteTable", "cassandra:Drop"),
    ("cassandra:GetKeyspace", "cassandra:Select"),
    ("cassandra:GetTable", "cassandra:Select"),
    ("cassandra:ListKeyspaces", "cassandra:Select"),
    ("cassandra:ListTables", "cassandra:Select"),
    ("cassandra:ListTagsForResource", "cassandra:Select"),
    ("cassandra:RestoreTable", "cassandra:Restore"),
    ("cassandra:UpdateKeyspace", "cassandra:Alter"),
    ("cassandra:UpdateTable", "cassandra:Alter"),
    ("cloudfront:CreateDistributionWithTags", "cloudfront:CreateDistribution"),
    ("dms:DescribeDataProviders", "dms:ListDataProviders"),
    ("dms:DescribeExtensionPackAssociations", "dms:ListExtensionPacks"),
    ("dms:DescribeInstanceProfiles", "dms:ListInstanceProfiles"),
    ("dms:DescribeMetadataModelAssessments", "dms:ListMetadataModelAssessments"),
    ("dms:DescribeMetadataModelConversions", "dms:ListMetadataModelConversions"),
    ("dms:DescribeMigrationProjects", "dms:ListMigrationProjects"),
    ("dms:ModifyDataProvider", "dms:UpdateDataProvider"),
    ("dms:ModifyInstanceProfile", "dms:UpdateInstanceProfile"),
    ("dms:ModifyMigrationProject", "dms:UpdateMigrationProject"),
    ("dynamodb:BatchExecuteStatement", "dynamodb:PartiQLSelect"),
    ("dynamodb:ExecuteStatement", "dynamodb:PartiQLSelect"),
    ("dynamodb:ExecuteTransaction", "dynamodb:PartiQLSelect"),
    ("dynamodb:TransactGetItems", "dynamodb:GetItem"),
    ("dynamodb:TransactWriteItems", "dynamodb:PutItem"),
    ("kms:ReEncrypt", "kms:ReEncryptFrom"),
    ("lambda:GetLayerVersionByArn", "lambda:GetLayerVersion"),
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("lambda:InvokeWithResponseStream", "lambda:InvokeFunction"),
    ("redshift-data:GetStatementResultV2", "redshift-data:GetStatementResult"),
    ("s3:CompleteMultipartUpload", "s3:PutObject"),
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:CreateBucketMetadataConfiguration", "s3:CreateBucketMetadataTableConfiguration"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:CreateSession", "s3express:CreateSession"),
    ("s3:DeleteAccountPublicAccessBlock", "s3:PutAccountPublicAccessBlock"),
    ("s3:DeleteBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration"),
    ("s3:DeleteBucketCors", "s3:PutBucketCORS"),
    ("s3:DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:DeleteBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration"),
    ("s3:DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration"),
    ("s3:DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:DeleteBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:DeleteBucketMetadataConfiguration", "s3:DeleteBucketMetadataTableConfiguration"),
    ("s3:DeleteBucketMetricsConfiguration", "s3:PutMetricsConfiguration"),
    ("s3:DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls"),
    ("s3:DeleteBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:DeleteBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:DeleteBucketTagging", "s3:PutBucketTagging"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"),
    ("s3:GetBucketAnalyticsConfiguration", "s3:GetAnalyticsConfiguration"),
    ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3:GetBucketIntelligentTieringConfiguration", "s3:GetIntelligentTieringConfiguration"),
    ("s3:GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration"),
    ("s3:GetBucketLifecycle", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketMetadataConfiguration", "s3:GetBucketMetadataTableConfiguration"),
    ("s3:GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration"),
    ("s3:GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ("s3:GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBucketAnalyticsConfigurations", "s3:GetAnalyticsConfiguration"),
    ("s3:ListBucketIntelligentTieringConfigurations", "s3:GetIntelligentTieringConfiguration"),
    ("s3:ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration"),
    ("s3:ListBucketMetricsConfigurations", "s3:GetMetricsConfiguration"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListDirectoryBuckets", "s3express:ListAllMyDirectoryBuckets"),
    ("s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:ListParts", "s3:ListMultipartUploadParts"),
    ("s3:PostObject", "s3:PutObject"),
    ("s3:PutBucketAccelerateConfiguration", "s3:PutAccelerateConfiguration"),
    ("s3:PutBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration"),
    ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:PutBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration"),
    ("s3:PutBucketInventoryConfiguration", "s3:PutInventoryConfiguration"),
    ("s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketMetricsConfiguration", "s3:PutMetricsConfiguration"),
    ("s3:PutBucketNotificationConfiguration", "s3:PutBucketNotification"),
    ("s3:PutBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:PutObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:SelectObjectContent", "s3:GetObject"),
    ("s3:UploadPart", "s3:PutObject"),
    ("s3:UploadPartCopy", "s3:PutObject"),
    ("s3:WriteGetObjectResponse", "s3-object-lambda:WriteGetObjectResponse"),
    ("sns:PublishBatch", "sns:Publish"),
    ("sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
    ("sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
    ("sqs:SendMessageBatch", "sqs:SendMessage"),
    ("timestream:Query", "timestream:Select"),
];

/// The permission that an operation, such as `s3:HeadObject`, needs, where it is called otherwise. Where it needs several,
/// the one that is most often meant.
///
/// ```
/// assert_eq!(reference::permission_of("s3:HeadObject"), Some("s3:GetObject"));
/// assert_eq!(reference::permission_of("s3:GetObject"), None);
/// ```
pub fn permission_of(operation: &str) -> Option<&'static str> {
    PERMISSIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(operation)).map(|(_, permission)| *permission)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reference;

    #[test]
    fn aws_lists_the_permissions_and_not_the_operations() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
        let reference = Reference::load(std::fs::read_to_string(path).unwrap()).unwrap();
        for (operation, permission) in PERMISSIONS {
            assert!(reference.action(permission).is_some(), "{operation}: {permission}");
            assert!(reference.action(operation).is_none(), "{operation} is a permission itself");
        }
    }
}
